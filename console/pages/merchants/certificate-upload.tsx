/** Brings the three files that Alipay gave. They are read here and sent as text; the server proves them before anything changes. */
import { App, Form } from 'antd';
import { useId, type ChangeEvent } from 'react';
import type { Merchant, PutCertificatesBody } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { KEYS_OF } from '../../words/merchant-keys.ts';
import { FormDialog } from '../form-dialog.tsx';
import { takeMerchant } from './use-merchant.ts';

type Props = { readonly merchant: Merchant; readonly onClose: () => void };

/** Each with the name that Alipay gives the file. */
const FILES = [
  ['app_certificate', 'appCertificate', 'appCertPublicKey_….crt'],
  ['alipay_certificate', 'alipayCertificate', 'alipayCertPublicKey_RSA2.crt'],
  ['alipay_root_certificate', 'rootCertificate', 'alipayRootCert.crt'],
] as const;

export function CertificateUpload({ merchant: { id }, onClose }: Props) {
  const words = useWords(KEYS_OF);
  const { message } = App.useApp();
  return (
    <FormDialog<PutCertificatesBody, Merchant>
      title={words.uploadTitle}
      yes={words.uploadTitle}
      initial={{}}
      send={(files) => client.certificates.put(id, files)}
      onDone={(merchant) => {
        takeMerchant(merchant);
        message.success(words.uploaded);
      }}
      onClose={onClose}
    >
      <p>{words.uploadDoes}</p>
      {FILES.map(([field, word, fileName]) => (
        <Form.Item
          key={field}
          name={field}
          label={words[word]}
          extra={fileName}
          rules={[{ required: true, message: words.fileNeeded }]}
        >
          <FileText label={words[word]} />
        </Form.Item>
      ))}
    </FormDialog>
  );
}

/** A file as its text: what the form around it keeps. */
function FileText(props: {
  readonly label: string;
  readonly id?: string;
  readonly onChange?: (text: string | undefined) => void;
}) {
  const { label, onChange } = props;
  const id = useId();
  const take = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    onChange?.(await target.files?.[0]?.text());
  };
  return (
    <input
      id={props.id ?? id}
      type="file"
      accept=".crt,.cer,.pem"
      aria-label={label}
      onChange={(event) => void take(event)}
    />
  );
}
