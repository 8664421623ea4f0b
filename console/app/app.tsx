/** Everything that stands around all pages: language, look, data, and the addresses. */
import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from '../api/client.ts';
import { LanguageProvider, useLanguage } from './language.tsx';
import { router } from './routes.tsx';
import { FaultBoundary } from './states.tsx';
import { THEME } from './theme.ts';

/** Vite writes it into the page, and the gateway its value: antd's styles are allowed by it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

const ANTD_LOCALES = { zh: zhCN, en: enUS };

export function App() {
  return (
    <LanguageProvider>
      <QueryClientProvider client={queryClient}>
        <Styled />
      </QueryClientProvider>
    </LanguageProvider>
  );
}

/**
 * What opens over the page. In `body` itself antd would keep the page behind from scrolling by a style without the nonce, which
 * the policy refuses; `style.css` does it instead.
 */
function popupsInside(): HTMLElement {
  return document.querySelector<HTMLElement>('#root > .ant-app') ?? document.body;
}

function Styled() {
  const { language } = useLanguage();
  return (
    <ConfigProvider
      locale={ANTD_LOCALES[language]}
      csp={{ nonce }}
      getPopupContainer={popupsInside}
      button={{ autoInsertSpace: false }}
      theme={THEME}
    >
      <AntApp>
        <FaultBoundary>
          <RouterProvider router={router} />
        </FaultBoundary>
      </AntApp>
    </ConfigProvider>
  );
}
