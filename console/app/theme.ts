/** The look of the pages: antd's, with colours that everybody can read (4.5 to 1 against white and the page's grey). */
import type { ThemeConfig } from 'antd';

export const THEME: ThemeConfig = {
  token: {
    borderRadius: 8,
    colorPrimary: '#0f5fd6',
    colorLink: '#0f5fd6',
    colorError: '#cf1322',
    colorTextDescription: 'rgba(0, 0, 0, 0.62)',
    colorTextTertiary: 'rgba(0, 0, 0, 0.62)',
    colorTextPlaceholder: 'rgba(0, 0, 0, 0.58)',
    // What opens is there at once for whoever asked the system for less movement.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  },
};
