/** One merchant: how it stands, what is left to do, its keys and certificates, and what can be done with it. */
import { useMutation } from '@tanstack/react-query';
import { App } from 'antd';
import { Link } from 'react-router';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNot, useWhyNotOperate } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { ACTS } from '../../words/acts.ts';
import { TEST_WORDS } from '../../words/merchant-keys.ts';
import { MERCHANTS } from '../../words/merchants.ts';
import { ActionButton } from '../action-button.tsx';
import { DialogButton } from '../dialog-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { Facts, type Fact } from '../facts.tsx';
import { PageHead } from '../page-head.tsx';
import { QueryState } from '../query-state.tsx';
import { Certificates } from './certificates.tsx';
import { ChangeMerchant } from './change-merchant.tsx';
import { Findings } from './findings.tsx';
import { Keys } from './keys.tsx';
import { MerchantTag } from './merchant-tag.tsx';
import { ServiceProvider } from './service-provider.tsx';
import { SetupGuide } from './setup-guide.tsx';
import { takeMerchant, useMerchant, type ReadMerchant } from './use-merchant.ts';

export function MerchantPage({ id }: { readonly id: string }) {
  const words = useWords(MERCHANTS);
  const query = useMerchant(id);
  return (
    <>
      <p className="way-back">
        <Link to="/console/merchants">← {words.all}</Link>
      </p>
      <QueryState query={query}>{(read) => <Details read={read} />}</QueryState>
    </>
  );
}

function Details({ read }: { readonly read: ReadMerchant }) {
  const { merchant } = read;
  const words = useWords(TEST_WORDS);
  const testing = useTest(merchant);
  const test = <TestButton isRunning={testing.isPending} onAct={() => testing.mutate()} />;
  return (
    <>
      <PageHead name="merchants" one={merchant.name ?? merchant.shop_no}>
        {test}
        <ChangeButton read={read} />
        <StateButton merchant={merchant} />
      </PageHead>
      <p>
        <MerchantTag merchant={merchant} />
      </p>
      {testing.data === undefined ? null : (
        <Findings
          ok={testing.data.ok}
          okText={words.ok}
          questions={{ heartbeat: testing.data.heartbeat, query: testing.data.query }}
        />
      )}
      <SetupGuide merchant={merchant} isProven={testing.data?.ok === true} test={test} />
      <MerchantFacts merchant={merchant} />
      <Keys read={read} />
      <Certificates read={read} />
      <ServiceProvider read={read} />
    </>
  );
}

function useTest({ id }: Merchant) {
  const { language } = useLanguage();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: () => client.merchants.test(id),
    onError: (error) => message.error(errorText(error, language)),
  });
}

function TestButton(props: { readonly isRunning: boolean; readonly onAct: () => void }) {
  const words = useWords(TEST_WORDS);
  const whyNot = useWhyNot('manage');
  return (
    <ActionButton type="primary" whyNot={whyNot} loading={props.isRunning} onAct={props.onAct}>
      {words.test}
    </ActionButton>
  );
}

function ChangeButton({ read }: { readonly read: ReadMerchant }) {
  const words = useWords(ACTS);
  const whyNot = useWhyNot('manage');
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => <ChangeMerchant read={read} onClose={close} />}
    >
      {words.edit}
    </DialogButton>
  );
}

function StateButton({ merchant: { id, state } }: { readonly merchant: Merchant }) {
  const words = useWords(MERCHANTS);
  const whyNot = useWhyNotOperate();
  const { message } = App.useApp();
  if (state === 'suspended') {
    return (
      <AskedAct
        whyNot={whyNot}
        title={words.resumeTitle}
        does={<p>{words.resumeDoes}</p>}
        yes={words.resumeYes}
        act={() => client.merchants.resume(id)}
        onDone={(merchant) => {
          takeMerchant(merchant);
          message.success(words.resumed);
        }}
      >
        {words.resume}
      </AskedAct>
    );
  }
  return (
    <AskedAct
      danger
      whyNot={whyNot}
      title={words.suspendTitle}
      does={<p>{words.suspendDoes}</p>}
      yes={words.suspendYes}
      act={() => client.merchants.suspend(id)}
      onDone={(merchant) => {
        takeMerchant(merchant);
        message.success(words.suspended);
      }}
    >
      {words.suspend}
    </AskedAct>
  );
}

function MerchantFacts({ merchant }: { readonly merchant: Merchant }) {
  const words = useWords(MERCHANTS);
  const { id, shop_no, store_no, seller_id, app, product_codes, created_at } = merchant;
  const facts: readonly Fact[] = [
    [words.id, id, 'copied'],
    [words.shopNo, shop_no, 'copied'],
    [words.storeNo, store_no],
    [words.sellerId, seller_id, 'copied'],
    [words.appId, app.app_id, 'copied'],
    [words.signType, app.sign_type],
    [words.barcodeProduct, product_codes.barcode],
    [words.qrProduct, product_codes.qr],
    [words.created, timeText(created_at)],
  ];
  return (
    <section aria-labelledby="facts" className="part">
      <h2 id="facts">{words.facts}</h2>
      <Facts facts={facts} />
      <p className="note">{words.sharedNote}</p>
    </section>
  );
}
