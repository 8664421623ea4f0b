/** The field of a form that names a merchant, or all of them. Whoever is of one merchant makes things for that one, and is not asked. */
import { Form, Select } from 'antd';
import { useMerchants } from '../api/merchants.ts';
import { useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { PAYMENTS } from '../words/payments.ts';

type Props = {
  /** What it is called where it may be for all, which is an empty text; without it one has to be chosen. */
  readonly allText?: string;
  readonly hint?: string;
  readonly onChoose?: (merchant: string) => void;
};

const ALL = '';

export function MerchantField({ allText, hint, onChoose }: Props) {
  const words = useWords(PAYMENTS);
  const merchants = useMerchants();
  const { user } = useSession();
  if (user.merchant !== null) return null;
  const isNeeded = allText === undefined;
  return (
    <Form.Item
      name="merchant"
      label={words.merchant}
      required
      rules={[{ required: isNeeded }]}
      {...(hint === undefined ? {} : { extra: hint })}
    >
      <Select<string>
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={words.chooseMerchant}
        {...(onChoose === undefined ? {} : { onChange: onChoose })}
        options={[
          ...(isNeeded ? [] : [{ value: ALL, label: allText }]),
          ...merchants.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </Form.Item>
  );
}
