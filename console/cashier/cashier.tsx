/** The cashier: for the shop of whoever is signed in, or the one that a person of all shops chose for this till. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Merchant } from '../../client/client.ts';
import { client, queryClient } from '../api/client.ts';
import { errorText } from '../api/error-text.ts';
import { AccountMenu } from '../app/account-menu.tsx';
import { LanguageSwitch } from '../app/language-switch.tsx';
import { useLanguage, useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { Failure, Loading } from '../app/states.tsx';
import { useGateway } from '../api/gateway.ts';
import { CASHIER } from '../words/cashier.ts';
import './cashier.css';
import { journal } from './system.ts';
import { TillPage } from './till-page.tsx';

const SHOPS_KEY = ['cashier-shops'] as const;
const SHOPS_MAX = 100;
/** Of the simulator, which takes any that are well formed. */
const DEMO_SHOP = { shop_no: 'DEMO-1', seller_id: '2088212612254111', app_id: '2016022901171807' };

export function Component() {
  const { user } = useSession();
  const [chosen, setChosen] = useState(() => journal.shop());
  const merchant = user.merchant ?? chosen;
  if (merchant === undefined) {
    return (
      <ChooseShop
        onChosen={(id) => {
          journal.chooseShop(id);
          setChosen(id);
        }}
      />
    );
  }
  const choose = user.merchant === null ? () => setChosen(undefined) : undefined;
  return <Shop key={merchant} merchant={merchant} chooseOther={choose} />;
}

function Shop({
  merchant,
  chooseOther,
}: {
  readonly merchant: string;
  readonly chooseOther: (() => void) | undefined;
}) {
  const words = useWords(CASHIER);
  const { data, error, refetch } = useQuery({
    queryKey: [...SHOPS_KEY, merchant],
    queryFn: () => client.merchants.get(merchant),
    staleTime: Infinity,
  });
  if (data !== undefined) return <TillPage merchant={data} chooseOther={chooseOther} />;
  if (error === null) return <Loading />;
  return (
    <main className="cashier-choice">
      <Failure error={error} again={() => void refetch()} />
      {chooseOther === undefined ? null : (
        <button type="button" className="plain" onClick={chooseOther}>
          {words.otherShop}
        </button>
      )}
    </main>
  );
}

function ChooseShop({ onChosen }: { readonly onChosen: (merchant: string) => void }) {
  const words = useWords(CASHIER);
  const { data, error, refetch } = useQuery({
    queryKey: SHOPS_KEY,
    queryFn: () => client.merchants.list({ limit: SHOPS_MAX }),
  });
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <main className="cashier-choice">
      <LanguageSwitch />
      <AccountMenu />
      <h1>{words.chooseShop}</h1>
      {data.data.length === 0 ? <NoShop onMade={onChosen} /> : null}
      <ul>
        {data.data.map(({ id, name, shop_no: shopNo, state }) => (
          <li key={id}>
            <button type="button" className="plain" onClick={() => onChosen(id)}>
              <strong>{name ?? shopNo}</strong>
              <span>
                {shopNo}
                {state === 'suspended' ? ` · ${words.suspended}` : ''}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}

function NoShop({ onMade }: { readonly onMade: (merchant: string) => void }) {
  const words = useWords(CASHIER);
  const { language } = useLanguage();
  const { user } = useSession();
  const { data: gateway } = useGateway();
  const making = useMutation({
    mutationFn: (): Promise<Merchant> =>
      client.merchants.create({ ...DEMO_SHOP, name: words.demoShopName }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: SHOPS_KEY });
      onMade(id);
    },
  });
  if (gateway?.simulated !== true || !user.scopes.includes('manage')) {
    return (
      <>
        <p>{words.noShop}</p>
        <Link to="/console">{words.console}</Link>
      </>
    );
  }
  return (
    <>
      <p>{words.noShopDemo}</p>
      <button
        type="button"
        className="primary"
        disabled={making.isPending}
        onClick={() => making.mutate()}
      >
        {words.makeDemoShop}
      </button>
      {making.error === null ? null : <p role="alert">{errorText(making.error, language)}</p>}
    </>
  );
}
