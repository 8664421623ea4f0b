/** The keys of a merchant’s application: ours for Alipay, Alipay’s for us, and the pair that is to take over. */
import { App, Flex, Form, Input } from 'antd';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNotOperate } from '../../app/session.tsx';
import { KEYS_OF } from '../../words/merchant-keys.ts';
import { DialogButton } from '../dialog-button.tsx';
import { CopiedText } from '../copied.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { NextKey } from './next-key.tsx';
import { readMerchantAgain, takeMerchant, type ReadMerchant } from './use-merchant.ts';

type Props = { readonly read: ReadMerchant };

export function Keys({ read }: Props) {
  const words = useWords(KEYS_OF);
  const { app } = read.merchant;
  return (
    <section aria-labelledby="keys" className="part">
      <h2 id="keys">{words.keys}</h2>
      <CopiedText name={words.ours} value={app.public_key} />
      <p className="note">{words.oursNote}</p>
      {app.certificates === null ? (
        <AlipaysKey read={read} />
      ) : (
        <p>
          <strong>{words.alipays}</strong> {words.alipaysInCertificate}
        </p>
      )}
      <NextKey merchant={read.merchant} />
    </section>
  );
}

function AlipaysKey({ read }: Props) {
  const words = useWords(KEYS_OF);
  const whyNot = useWhyNotOperate();
  const { alipay_public_key: key } = read.merchant.app;
  return (
    <>
      {key === null ? (
        <p>
          <strong>{words.alipays}</strong>
          <br />
          {words.alipaysMissing}
        </p>
      ) : (
        <CopiedText name={words.alipays} value={key} />
      )}
      <Flex className="acts">
        <DialogButton
          whyNot={whyNot}
          renderDialog={(close) => <KeyForm read={read} onClose={close} />}
        >
          {key === null ? words.give : words.replace}
        </DialogButton>
      </Flex>
    </>
  );
}

type Wanted = { readonly alipay_public_key: string };

type FormProps = Props & { readonly onClose: () => void };

function KeyForm({ read, onClose }: FormProps) {
  const { merchant, etag } = useAsOpened(read);
  const words = useWords(KEYS_OF);
  const { message } = App.useApp();
  return (
    <FormDialog<Wanted, Merchant>
      title={words.giveTitle}
      initial={{}}
      send={(wanted) => client.merchants.change(merchant.id, wanted, { ifMatch: etag })}
      onDone={(now) => {
        takeMerchant(now);
        message.success(words.given);
      }}
      onOutdated={() => readMerchantAgain(merchant.id)}
      onClose={onClose}
    >
      <AlipayKeyField />
    </FormDialog>
  );
}

/** Goes by what people paste: PEM or its inside, on one line or on many. */
export function AlipayKeyField() {
  const words = useWords(KEYS_OF);
  return (
    <Form.Item
      name="alipay_public_key"
      label={words.alipays}
      extra={words.giveHint}
      rules={[{ required: true }]}
    >
      <Input.TextArea rows={6} autoFocus spellCheck={false} />
    </Form.Item>
  );
}
