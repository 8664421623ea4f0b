/** Changes what a merchant is called, where its money goes, and which products its contract names. Only what differs is sent. */
import { App, Form, Input } from 'antd';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { MERCHANTS } from '../../words/merchants.ts';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { changeOf, fieldsOf, type Fields } from './merchant-change.ts';
import { MerchantFields } from './merchant-fields.tsx';
import { readMerchantAgain, takeMerchant, type ReadMerchant } from './use-merchant.ts';

const PRODUCT = /^[A-Z][A-Z_]{0,63}$/;

type Props = { readonly read: ReadMerchant; readonly onClose: () => void };

export function ChangeMerchant({ read, onClose }: Props) {
  const { merchant, etag } = useAsOpened(read);
  const words = useWords(MERCHANTS);
  const { message } = App.useApp();
  const before = fieldsOf(merchant);
  const send = async (wanted: Fields): Promise<Merchant> => {
    const change = changeOf(before, wanted);
    if (Object.keys(change).length === 0) return merchant;
    return client.merchants.change(merchant.id, change, { ifMatch: etag });
  };
  return (
    <FormDialog<Fields, Merchant>
      title={words.changeTitle}
      initial={before}
      send={send}
      onDone={(now) => {
        if (now === merchant) return;
        takeMerchant(now);
        message.success(words.changed);
      }}
      onOutdated={() => readMerchantAgain(merchant.id)}
      onClose={onClose}
    >
      <MerchantFields isFirst />
      <ProductField name="barcode" label={words.barcodeProduct} />
      <ProductField name="qr" label={words.qrProduct} />
    </FormDialog>
  );
}

function ProductField({
  name,
  label,
}: {
  readonly name: 'barcode' | 'qr';
  readonly label: string;
}) {
  const words = useWords(MERCHANTS);
  return (
    <Form.Item
      name={['product_codes', name]}
      label={label}
      rules={[{ required: true }, { pattern: PRODUCT, message: words.productHint }]}
      extra={words.productHint}
    >
      <Input maxLength={64} />
    </Form.Item>
  );
}
