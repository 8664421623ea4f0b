/** Alipay’s certificate mode: the request, the three files that come back, when they end, and the way back to bare keys. */
import { App, Flex } from 'antd';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNotOperate } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { KEYS_OF } from '../../words/merchant-keys.ts';
import { DialogButton } from '../dialog-button.tsx';
import { Facts, type Fact } from '../facts.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { CertificateRequest } from './certificate-request.tsx';
import { CertificateUpload } from './certificate-upload.tsx';
import { AlipayKeyField } from './keys.tsx';
import { readMerchantAgain, takeMerchant, type ReadMerchant } from './use-merchant.ts';

type Props = { readonly read: ReadMerchant };

export function Certificates({ read }: Props) {
  const words = useWords(KEYS_OF);
  const whyNot = useWhyNotOperate();
  const { merchant } = read;
  const { certificates } = merchant.app;
  return (
    <section aria-labelledby="certificates" className="part">
      <h2 id="certificates">{words.certificates}</h2>
      {certificates === null ? null : <Installed certificates={certificates} />}
      <p className="note">
        {certificates === null ? words.certificatesNone : words.certificatesNote}
      </p>
      <Flex gap={8} wrap className="acts">
        <DialogButton
          whyNot={whyNot}
          renderDialog={(close) => <CertificateRequest merchant={merchant} onClose={close} />}
        >
          {words.request}
        </DialogButton>
        <DialogButton
          whyNot={whyNot}
          renderDialog={(close) => <CertificateUpload merchant={merchant} onClose={close} />}
        >
          {words.upload}
        </DialogButton>
        {certificates === null ? null : (
          <DialogButton
            danger
            whyNot={whyNot}
            renderDialog={(close) => <LeaveForm read={read} onClose={close} />}
          >
            {words.leave}
          </DialogButton>
        )}
      </Flex>
    </section>
  );
}

type Installed = { readonly certificates: NonNullable<Merchant['app']['certificates']> };

function Installed({ certificates }: Installed) {
  const words = useWords(KEYS_OF);
  const { app, alipay, alipay_root_serial_no: rootSerialNo } = certificates;
  const facts: readonly Fact[] = [
    [words.appCertificate, words.ends(timeText(app.expires_at))],
    [words.appSerialNo, app.serial_no, 'copied'],
    [words.alipayCertificate, words.ends(timeText(alipay.expires_at))],
    [words.alipaySerialNo, alipay.serial_no, 'copied'],
    [words.rootSerialNo, rootSerialNo, 'copied'],
  ];
  return <Facts facts={facts} />;
}

type Wanted = { readonly alipay_public_key: string };

function LeaveForm({ read, onClose }: Props & { readonly onClose: () => void }) {
  const { merchant, etag } = useAsOpened(read);
  const words = useWords(KEYS_OF);
  const { message } = App.useApp();
  return (
    <FormDialog<Wanted, Merchant>
      title={words.leaveTitle}
      yes={words.leave}
      initial={{}}
      send={(wanted) =>
        client.merchants.change(
          merchant.id,
          { ...wanted, leave_certificates: true },
          { ifMatch: etag },
        )
      }
      onDone={(now) => {
        takeMerchant(now);
        message.success(words.left);
      }}
      onOutdated={() => readMerchantAgain(merchant.id)}
      onClose={onClose}
    >
      <AlipayKeyField />
    </FormDialog>
  );
}
