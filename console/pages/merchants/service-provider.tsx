/** For a service provider (ISV) whose application acts for the merchant: the token that the merchant’s authorisation gave. */
import { App, Flex, Form, Input } from 'antd';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNotOperate } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { MERCHANTS } from '../../words/merchants.ts';
import { DialogButton } from '../dialog-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { withoutBlanks } from '../blanks.ts';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { readMerchantAgain, takeMerchant, type ReadMerchant } from './use-merchant.ts';

type Props = { readonly read: ReadMerchant };

const PID = /^2088\d{12}$/;

export function ServiceProvider({ read }: Props) {
  const words = useWords(MERCHANTS);
  const whyNot = useWhyNotOperate();
  const { message } = App.useApp();
  const { id, authorization } = read.merchant;
  return (
    <section aria-labelledby="provider" className="part">
      <h2 id="provider">{words.provider}</h2>
      <p>
        {authorization === null
          ? words.providerNone
          : words.providerGiven(authorization.hint, timeText(authorization.given_at))}
      </p>
      {authorization?.service_provider_id ? (
        <p>
          {words.providerId}: {authorization.service_provider_id}
        </p>
      ) : null}
      <Flex gap={8} wrap className="acts">
        <DialogButton
          whyNot={whyNot}
          renderDialog={(close) => <TokenForm read={read} onClose={close} />}
        >
          {authorization === null ? words.providerGive : words.providerReplace}
        </DialogButton>
        {authorization === null ? null : (
          <AskedAct
            danger
            whyNot={whyNot}
            title={words.providerEndTitle}
            does={<p>{words.providerEndDoes}</p>}
            yes={words.providerEndYes}
            act={() => client.merchants.change(id, { authorization: null }, { ifMatch: read.etag })}
            onDone={(merchant) => {
              takeMerchant(merchant);
              message.success(words.providerEnded);
            }}
          >
            {words.providerEnd}
          </AskedAct>
        )}
      </Flex>
    </section>
  );
}

type Wanted = {
  readonly authorization: {
    readonly app_auth_token: string;
    readonly service_provider_id?: string;
  };
};

function TokenForm({ read, onClose }: Props & { readonly onClose: () => void }) {
  const { merchant, etag } = useAsOpened(read);
  const words = useWords(MERCHANTS);
  const { message } = App.useApp();
  return (
    <FormDialog<Wanted, Merchant>
      title={words.providerTitle}
      initial={{}}
      send={({ authorization }) =>
        client.merchants.change(
          merchant.id,
          { authorization: withoutBlanks(authorization) },
          { ifMatch: etag },
        )
      }
      onDone={(now) => {
        takeMerchant(now);
        message.success(words.providerSaved);
      }}
      onOutdated={() => readMerchantAgain(merchant.id)}
      onClose={onClose}
    >
      <Form.Item
        name={['authorization', 'app_auth_token']}
        label={words.token}
        extra={words.tokenHint}
        rules={[{ required: true }]}
      >
        <Input autoFocus autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name={['authorization', 'service_provider_id']}
        label={words.providerId}
        rules={[{ pattern: PID, message: words.sellerIdHint }]}
      >
        <Input inputMode="numeric" />
      </Form.Item>
    </FormDialog>
  );
}
