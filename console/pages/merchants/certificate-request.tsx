/** Makes the request (CSR) that Alipay issues the certificate for, and shows it to be copied or saved as a file. */
import { Button, Flex, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type {
  CertificateRequest as Request,
  CreateCertificateRequestBody,
  Merchant,
} from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { ACTS } from '../../words/acts.ts';
import { KEYS_OF } from '../../words/merchant-keys.ts';
import { CopiedText } from '../copied.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useFocusBack } from '../use-focus-back.ts';

type Props = { readonly merchant: Merchant; readonly onClose: () => void };

const NAME_LENGTH_MAX = 64;

export function CertificateRequest({ merchant, onClose }: Props) {
  const words = useWords(KEYS_OF);
  const [made, setMade] = useState<Request>();
  if (made !== undefined) {
    return <Made pem={made.pem} appId={merchant.app.app_id} onClose={onClose} />;
  }
  return (
    <FormDialog<CreateCertificateRequestBody, Request>
      title={words.requestTitle}
      yes={words.requestYes}
      initial={{}}
      send={(wanted) => client.certificateRequest.create(merchant.id, wanted)}
      onDone={setMade}
      onClose={onClose}
      staysOpen
    >
      <Form.Item
        name="organization"
        label={words.organization}
        extra={words.organizationHint}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={NAME_LENGTH_MAX} autoFocus />
      </Form.Item>
    </FormDialog>
  );
}

function Made(props: {
  readonly pem: string;
  readonly appId: string;
  readonly onClose: () => void;
}) {
  const { pem, appId, onClose } = props;
  const words = useWords(KEYS_OF);
  const acts = useWords(ACTS);
  useFocusBack();
  const href = `data:application/pkcs10;charset=utf-8,${encodeURIComponent(pem)}`;
  return (
    <Modal
      open
      title={words.requestTitle}
      footer={<Button onClick={onClose}>{acts.close}</Button>}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Flex vertical gap={12} align="start">
        <CopiedText name={words.requestName} value={pem} />
        <Button href={href} download={`${appId}.csr`}>
          {words.download}
        </Button>
        <p className="note">{words.requestNote}</p>
      </Flex>
    </Modal>
  );
}
