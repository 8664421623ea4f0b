/** Registers a shop. What is left to do then stands on its page. */
import { App, Form, Input } from 'antd';
import type { CreateMerchantBody, Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { MERCHANTS } from '../../words/merchants.ts';
import { withoutBlanks } from '../blanks.ts';
import { FormDialog } from '../form-dialog.tsx';
import { MerchantFields } from './merchant-fields.tsx';
import { takeMerchant } from './use-merchant.ts';

type Props = {
  readonly onClose: () => void;
  readonly onDone: (merchant: Merchant) => void;
};

const SHOP_NO = /^[A-Za-z0-9_-]{1,64}$/;

export function AddMerchant({ onClose, onDone }: Props) {
  const words = useWords(MERCHANTS);
  const { message } = App.useApp();
  return (
    <FormDialog<CreateMerchantBody, Merchant>
      title={words.addTitle}
      yes={words.add}
      initial={{ sign_type: 'RSA2' }}
      send={(wanted) => client.merchants.create(withoutBlanks(wanted))}
      onDone={(merchant) => {
        takeMerchant(merchant);
        message.success(words.added);
        onDone(merchant);
      }}
      onClose={onClose}
    >
      <Form.Item
        name="shop_no"
        label={words.shopNo}
        extra={words.shopNoHint}
        rules={[{ required: true }, { pattern: SHOP_NO, message: words.shopNoHint }]}
      >
        <Input maxLength={64} autoFocus />
      </Form.Item>
      <MerchantFields />
    </FormDialog>
  );
}
