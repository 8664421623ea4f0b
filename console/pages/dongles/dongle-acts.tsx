/** What can be done with dongles: register one, reopen or revoke it, and grant or withdraw a merchant. */
import { Flex, Form, Input } from 'antd';
import type { CreateDongleBody, Dongle } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { DialogButton } from '../dialog-button.tsx';
import { AskedAct } from '../asked-act.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { MerchantField } from '../merchant-field.tsx';
import { useDongleAct } from './use-dongle-act.ts';

type Props = { readonly dongle: Dongle };

const NUMBER_LENGTH = 32;

export function RegisterButton() {
  const { words, whyNot, done } = useDongleAct();
  return (
    <DialogButton
      type="primary"
      whyNot={whyNot}
      renderDialog={(close) => (
        <FormDialog<CreateDongleBody, Dongle>
          title={words.registerTitle}
          yes={words.registerYes}
          initial={{}}
          send={({ number }) => client.dongles.create({ number: number.trim() })}
          onDone={done(words.registered)}
          onClose={close}
        >
          <p>{words.registerNote}</p>
          <Form.Item
            name="number"
            label={words.number}
            extra={words.numberHint}
            rules={[
              { required: true },
              {
                len: NUMBER_LENGTH,
                transform: (text?: string) => text?.trim(),
                message: words.numberHint,
              },
            ]}
          >
            <Input autoFocus autoComplete="off" spellCheck={false} />
          </Form.Item>
        </FormDialog>
      )}
    >
      {words.register}
    </DialogButton>
  );
}

export function DongleActs({ dongle }: Props) {
  return (
    <Flex gap={8} wrap className="row-acts">
      <GrantButton dongle={dongle} />
      <ReopenButton dongle={dongle} />
      <RevokeButton dongle={dongle} />
    </Flex>
  );
}

function ReopenButton({ dongle: { number, state } }: Props) {
  const { words, whyNot, done } = useDongleAct();
  return (
    <AskedAct
      whyNot={whyNot ?? (state === 'registered' ? words.mayAsk : undefined)}
      title={words.reopenTitle}
      does={
        <>
          <p>
            <code>{number}</code>
          </p>
          <p>{words.reopenDoes}</p>
          <p>{words.reopenStolen}</p>
        </>
      }
      yes={words.reopenYes}
      act={() => client.dongles.reopen(number)}
      onDone={done(words.reopened)}
    >
      {words.reopen}
    </AskedAct>
  );
}

function RevokeButton({ dongle: { number, state } }: Props) {
  const { words, whyNot, done } = useDongleAct();
  return (
    <AskedAct
      danger
      whyNot={whyNot ?? (state === 'revoked' ? words.isRevoked : undefined)}
      title={words.revokeTitle}
      does={
        <>
          <p>
            <code>{number}</code>
          </p>
          <p>{words.revokeDoes}</p>
          <p>{words.revokeBack}</p>
        </>
      }
      yes={words.revokeYes}
      act={() => client.dongles.revoke(number)}
      onDone={done(words.revoked)}
    >
      {words.revoke}
    </AskedAct>
  );
}

function GrantButton({ dongle: { number } }: Props) {
  const { words, whyNot, done } = useDongleAct();
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => (
        <FormDialog<{ readonly merchant: string }, Dongle>
          title={words.grantTitle}
          yes={words.grantYes}
          initial={{}}
          send={({ merchant }) => client.dongles.addMerchant(number, merchant)}
          onDone={done(words.grantDone)}
          onClose={close}
        >
          <p>{words.grantNote}</p>
          <MerchantField />
        </FormDialog>
      )}
    >
      {words.grant}
    </DialogButton>
  );
}

export function WithdrawButton({ dongle, merchant }: Props & { readonly merchant: string }) {
  const { words, whyNot, done } = useDongleAct();
  const nameOf = useMerchantName();
  return (
    <AskedAct
      danger
      isSmall
      whyNot={whyNot}
      title={words.withdrawTitle(nameOf(merchant))}
      does={<p>{words.withdrawDoes}</p>}
      yes={words.withdrawYes}
      act={() => client.dongles.removeMerchant(dongle.number, merchant)}
      onDone={done(words.withdrawn)}
    >
      {words.withdraw}
    </AskedAct>
  );
}
