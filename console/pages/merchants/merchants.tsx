/** The list of merchants, and one of them where the address names it. */
import { Flex } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Merchant } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { readPage } from '../../api/read-page.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNotOperate } from '../../app/session.tsx';
import { MERCHANTS } from '../../words/merchants.ts';
import { DialogButton } from '../dialog-button.tsx';
import { MerchantChoice } from '../merchant-choice.tsx';
import { PageHead } from '../page-head.tsx';
import { Pager, useCursor } from '../pager.tsx';
import { Nothing, QueryState } from '../query-state.tsx';
import { Rows, type Column } from '../rows.tsx';
import { AddMerchant } from './add-merchant.tsx';
import { MerchantPage } from './merchant.tsx';
import { MerchantTag } from './merchant-tag.tsx';

const pathOf = (id: string): string => `/console/merchants/${id}`;

export function Component() {
  const { id } = useParams();
  return id === undefined ? <MerchantList /> : <MerchantPage key={id} id={id} />;
}

function MerchantList() {
  const words = useWords(MERCHANTS);
  const navigate = useNavigate();
  const cursor = useCursor();
  const page = useQuery({
    queryKey: ['merchants', cursor],
    queryFn: () => readPage((place) => client.merchants.list(place), cursor),
  });
  const columns = useColumns();
  return (
    <>
      <PageHead name="merchants">
        <AddButton />
      </PageHead>
      <search className="filters">
        <Flex gap={8} wrap>
          <MerchantChoice
            merchant={undefined}
            anyText={words.find}
            onChoose={(id) => void (id !== undefined && navigate(pathOf(id)))}
          />
        </Flex>
      </search>
      <div className="list">
        <QueryState query={page}>
          {({ rows, nextCursor }) => (
            <>
              {rows.length === 0 ? (
                <Nothing text={words.none}>
                  <AddButton />
                </Nothing>
              ) : (
                <Rows
                  label={words.tableOf}
                  rows={rows}
                  columns={columns}
                  pathOf={({ id }) => pathOf(id)}
                />
              )}
              <Pager nextCursor={nextCursor} />
            </>
          )}
        </QueryState>
      </div>
    </>
  );
}

function AddButton() {
  const words = useWords(MERCHANTS);
  const whyNot = useWhyNotOperate();
  const navigate = useNavigate();
  return (
    <DialogButton
      type="primary"
      whyNot={whyNot}
      renderDialog={(close) => (
        <AddMerchant onClose={close} onDone={({ id }) => void navigate(pathOf(id))} />
      )}
    >
      {words.add}
    </DialogButton>
  );
}

function useColumns(): readonly Column<Merchant>[] {
  const words = useWords(MERCHANTS);
  return [
    { key: 'name', title: words.name, cell: ({ name, shop_no: shopNo }) => name ?? shopNo },
    {
      key: 'standing',
      title: words.state,
      cell: (merchant) => <MerchantTag merchant={merchant} />,
    },
    { key: 'shop', title: words.shopNo, cell: ({ shop_no: shopNo }) => shopNo },
    { key: 'seller', title: words.sellerId, cell: ({ seller_id: pid }) => pid },
    { key: 'app', title: words.appId, cell: ({ app }) => app.app_id },
    {
      key: 'mode',
      title: words.mode,
      cell: ({ app }) => (app.certificates === null ? words.keyMode : words.certificateMode),
    },
  ];
}
