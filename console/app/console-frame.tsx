/**
 * The frame of the console: menu, language, account. Beside the content on a desk, behind a button on a phone; the menu holds what the
 * person may see.
 */
import { MenuOutlined } from '@ant-design/icons';
import { Button, Drawer, Flex, Grid, Layout, Typography } from 'antd';
import { Suspense, useState } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { SHELL } from '../words/shell.ts';
import { AccountMenu } from './account-menu.tsx';
import { useLanguage, useWords } from './language.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { PasswordNotice } from './password-notice.tsx';
import { PAGES, type ConsolePage } from './pages.tsx';
import { useSession } from './session.tsx';
import { useGateway } from '../api/gateway.ts';
import { useLive } from '../api/live.ts';
import { FaultBoundary, Loading } from './states.tsx';
import { useFocusOnPage } from '../pages/use-focus-back.ts';

const SIDER_PX = 216;

export function Component() {
  const words = useWords(SHELL);
  const isWide = Grid.useBreakpoint().lg ?? true;
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { data: gateway } = useGateway();
  useLive();
  const { pathname } = useLocation();
  useFocusOnPage(pathname);
  const menu = <ConsoleMenu onChosen={() => setMenuOpen(false)} />;
  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip-link" href="#content">
        {words.skipToContent}
      </a>
      {isWide ? (
        <Layout.Sider width={SIDER_PX} theme="light">
          <Flex align="center" style={{ height: 56, paddingInline: 24 }}>
            <Typography.Text strong>{words.product}</Typography.Text>
          </Flex>
          {menu}
        </Layout.Sider>
      ) : (
        <Drawer
          open={isMenuOpen}
          onClose={() => setMenuOpen(false)}
          placement="left"
          size={SIDER_PX + 48}
          title={words.product}
          styles={{ body: { padding: 0 } }}
        >
          {menu}
        </Drawer>
      )}
      <Layout>
        <Layout.Header className="frame-header">
          {isWide ? null : (
            <Button
              type="text"
              icon={<MenuOutlined />}
              aria-label={words.menu}
              onClick={() => setMenuOpen(true)}
            />
          )}
          {gateway?.simulated === true ? (
            <span className="tag tag-doubt frame-tag">{words.simulated}</span>
          ) : null}
          <Flex align="center" gap={4} style={{ marginInlineStart: 'auto' }}>
            <Link to="/cashier" className="frame-link">
              {words.cashier}
            </Link>
            <LanguageSwitch />
            <AccountMenu />
          </Flex>
        </Layout.Header>
        <main id="content" className="frame-content" tabIndex={-1}>
          {pathOf(pathname) === 'account' ? null : <PasswordNotice />}
          <FaultBoundary key={pathOf(pathname)}>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </FaultBoundary>
        </main>
      </Layout>
    </Layout>
  );
}

function ConsoleMenu({ onChosen }: { readonly onChosen: () => void }) {
  const words = useWords(SHELL);
  const { language } = useLanguage();
  const { pathname } = useLocation();
  const { user } = useSession();
  const seen = PAGES.filter(
    ({ scope, forOperators, isHidden }) =>
      isHidden !== true &&
      user.scopes.includes(scope) &&
      (forOperators !== true || user.merchant === null),
  );
  return (
    <nav aria-label={words.menu} className="frame-menu">
      <ul>
        {seen.map(({ path, icon, name }: ConsolePage) => (
          <li key={path}>
            <Link
              to={path === '' ? '/console' : `/console/${path}`}
              aria-current={path === pathOf(pathname) ? 'page' : undefined}
              onClick={onChosen}
            >
              {/* Its picture has an English name. */}
              <span aria-hidden>{icon}</span>
              {name[language]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** `payments` of `/console/payments/pay_1`. */
function pathOf(pathname: string): string {
  return pathname.split('/')[2] ?? '';
}
