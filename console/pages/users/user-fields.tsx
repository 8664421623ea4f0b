/** The fields of a user that inviting and changing share. They are named as the API names them. */
import { Form, Input, Radio } from 'antd';
import type { User } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { ROLES } from '../../words/shell.ts';
import { ROLE_DOES, USERS } from '../../words/users.ts';
import { optionsOf } from '../choice.tsx';
import { MerchantField } from '../merchant-field.tsx';

/** What the fields hold: empty texts where the API has nothing. */
export type UserFieldValues = {
  readonly display_name: string;
  readonly role: User['role'];
  /** Empty for all of them. */
  readonly merchant: string;
};

const NAME_LENGTH_MAX = 64;

export function UserFields() {
  const words = useWords(USERS);
  const roles = useWords(ROLES);
  const does = useWords(ROLE_DOES);
  return (
    <>
      <Form.Item name="display_name" label={words.displayName} extra={words.displayNameHint}>
        <Input maxLength={NAME_LENGTH_MAX} />
      </Form.Item>
      <Form.Item name="role" label={words.role} rules={[{ required: true }]}>
        <Radio.Group
          className="choices"
          options={optionsOf(roles).map(([value, text]) => ({
            value,
            label: (
              <>
                {text} <span className="note choice-note">{does[value]}</span>
              </>
            ),
          }))}
        />
      </Form.Item>
      <MerchantField allText={words.allMerchants} hint={words.merchantHint} />
    </>
  );
}
