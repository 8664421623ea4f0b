/** Makes a key: what it is for, whose, and what it may do. Nobody gives away what he may not do himself. */
import { Checkbox, Form, Input } from 'antd';
import type { ApiKey, CreateApiKeyBody } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import type { Scope } from '../../api/session.ts';
import { useWords } from '../../app/language.tsx';
import { useSession } from '../../app/session.tsx';
import { API_KEYS, SCOPE_MEANINGS, SCOPE_WORDS } from '../../words/api-keys.ts';
import { withoutBlanks } from '../blanks.ts';
import { CheckList } from '../check-list.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { MerchantField } from '../merchant-field.tsx';

type Props = {
  readonly onClose: () => void;
  readonly onDone: (apiKey: ApiKey) => void;
};

const NAME_LENGTH_MAX = 64;
const SCOPES: readonly Scope[] = ['read', 'charge', 'refund', 'manage', 'administer'];
const OF_ALL_MERCHANTS: Scope = 'administer';

export function MakeKey({ onClose, onDone }: Props) {
  const words = useWords(API_KEYS);
  return (
    <FormDialog<CreateApiKeyBody, ApiKey>
      title={words.makeTitle}
      yes={words.make}
      initial={{ scopes: ['read'], merchant: '' }}
      send={(wanted) => client.apiKeys.create(withoutBlanks(wanted))}
      onDone={onDone}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={words.name}
        extra={words.nameHint}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={NAME_LENGTH_MAX} autoFocus />
      </Form.Item>
      <OwnerAndScopes />
    </FormDialog>
  );
}

function OwnerAndScopes() {
  const words = useWords(API_KEYS);
  const form = Form.useFormInstance<CreateApiKeyBody>();
  const merchant = Form.useWatch('merchant', form);
  const { user } = useSession();
  const whyNotOf = (scope: Scope): string | undefined => {
    const isForOne = user.merchant !== null || Boolean(merchant);
    if (scope === OF_ALL_MERCHANTS && isForOne) return words.scopeOfAll;
    return user.scopes.includes(scope) ? undefined : words.scopeLacking;
  };
  const dropWhatNoMerchantHas = (chosen: string): void => {
    const { scopes } = form.getFieldsValue();
    const kept = scopes.filter((scope) => chosen === '' || scope !== OF_ALL_MERCHANTS);
    form.setFieldValue('scopes', kept);
  };
  return (
    <>
      <MerchantField
        allText={words.everyMerchant}
        hint={words.merchantHint}
        onChoose={dropWhatNoMerchantHas}
      />
      <Form.Item
        name="scopes"
        label={words.scopes}
        rules={[{ required: true, type: 'array', message: words.scopesNeeded }]}
      >
        <CheckList label={words.scopes}>
          {SCOPES.map((scope) => (
            <ScopeBox key={scope} scope={scope} whyNot={whyNotOf(scope)} />
          ))}
        </CheckList>
      </Form.Item>
    </>
  );
}

function ScopeBox({
  scope,
  whyNot,
}: {
  readonly scope: Scope;
  readonly whyNot: string | undefined;
}) {
  const names = useWords(SCOPE_WORDS);
  const meanings = useWords(SCOPE_MEANINGS);
  return (
    <Checkbox value={scope} disabled={whyNot !== undefined}>
      {names[scope]} <code>{scope}</code>
      <span className="note choice-note">
        {meanings[scope]} {whyNot}
      </span>
    </Checkbox>
  );
}
