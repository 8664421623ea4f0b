/** The fields of a merchant that adding and changing share. They are named as the API names them. */
import { Form, Input, Select } from 'antd';
import { useWords } from '../../app/language.tsx';
import { MERCHANTS } from '../../words/merchants.ts';

/** What the server decides in the end; here only what a slip of the hand breaks. */
const PID = /^2088\d{12}$/;
const APP_ID = /^\d{16,32}$/;
const NAME_LENGTH_MAX = 64;

/** `isFirst`: the form begins with them, and so does the hand. */
export function MerchantFields({ isFirst = false }: { readonly isFirst?: boolean }) {
  const words = useWords(MERCHANTS);
  return (
    <>
      <Form.Item name="name" label={words.name} extra={words.nameHint}>
        <Input maxLength={NAME_LENGTH_MAX} autoFocus={isFirst} />
      </Form.Item>
      <Form.Item
        name="seller_id"
        label={words.sellerId}
        extra={words.sellerIdHint}
        rules={[{ required: true }, { pattern: PID, message: words.sellerIdHint }]}
      >
        <Input inputMode="numeric" />
      </Form.Item>
      <Form.Item
        name="app_id"
        label={words.appId}
        extra={words.appIdHint}
        rules={[{ required: true }, { pattern: APP_ID, message: words.appIdHint }]}
      >
        <Input inputMode="numeric" />
      </Form.Item>
      <Form.Item name="sign_type" label={words.signType} extra={words.signTypeHint}>
        <Select options={[{ value: 'RSA2' }, { value: 'RSA' }]} />
      </Form.Item>
    </>
  );
}
