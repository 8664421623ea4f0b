/** Changing a key pair without a gap: make the next one, save it at Alipay, test it, let it take over; or give it up. */
import { useMutation } from '@tanstack/react-query';
import { App, Flex } from 'antd';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNotOperate } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { KEYS_OF, TEST_WORDS } from '../../words/merchant-keys.ts';
import { ActionButton } from '../action-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { CopiedText } from '../copied.tsx';
import { Findings } from './findings.tsx';
import { takeMerchant } from './use-merchant.ts';

type Props = { readonly merchant: Merchant };

export function NextKey({ merchant }: Props) {
  const words = useWords(KEYS_OF);
  const { next_key: next } = merchant.app;
  return (
    <>
      <h3>{words.next}</h3>
      <p className="note">{words.nextNote}</p>
      {next === null ? (
        <MakeButton merchant={merchant} />
      ) : (
        <>
          <CopiedText name={words.nextKey} value={next.public_key} />
          <p className="note">
            {words.nextMade(timeText(next.created_at))} · {next.sign_type} · {words.nextSteps}
          </p>
          <NextKeyActs merchant={merchant} />
        </>
      )}
    </>
  );
}

function MakeButton({ merchant: { id } }: Props) {
  const words = useWords(KEYS_OF);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const whyNot = useWhyNotOperate();
  const making = useMutation({
    mutationFn: () => client.nextKey.create(id, undefined),
    onSuccess: (merchant) => {
      takeMerchant(merchant);
      message.success(words.made);
    },
    onError: (error) => message.error(errorText(error, language)),
  });
  return (
    <Flex className="acts">
      <ActionButton whyNot={whyNot} loading={making.isPending} onAct={() => making.mutate()}>
        {words.make}
      </ActionButton>
    </Flex>
  );
}

function NextKeyActs({ merchant: { id } }: Props) {
  const words = useWords(KEYS_OF);
  const tests = useWords(TEST_WORDS);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const whyNot = useWhyNotOperate();
  const testing = useMutation({
    mutationFn: () => client.nextKey.test(id),
    onError: (error) => message.error(errorText(error, language)),
  });
  const done = (text: string) => (merchant: Merchant) => {
    takeMerchant(merchant);
    message.success(text);
  };
  return (
    <>
      <Flex gap={8} wrap className="acts">
        <ActionButton whyNot={whyNot} loading={testing.isPending} onAct={() => testing.mutate()}>
          {words.nextTest}
        </ActionButton>
        <AskedAct
          whyNot={whyNot}
          title={words.activateTitle}
          does={<p>{words.activateDoes}</p>}
          yes={words.activate}
          act={() => client.nextKey.activate(id)}
          onDone={done(words.activated)}
        >
          {words.activate}
        </AskedAct>
        <AskedAct
          danger
          whyNot={whyNot}
          title={words.dropTitle}
          does={<p>{words.dropDoes}</p>}
          yes={words.drop}
          act={() => client.nextKey.delete(id)}
          onDone={done(words.dropped)}
        >
          {words.drop}
        </AskedAct>
      </Flex>
      {testing.data === undefined ? null : (
        <Findings
          ok={testing.data.ok}
          okText={tests.keyOk}
          questions={{ query: testing.data.query }}
        />
      )}
    </>
  );
}
