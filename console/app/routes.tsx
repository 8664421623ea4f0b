/** Which address shows what. Everything but the frame is loaded when it is visited. */
import { createBrowserRouter, Outlet, type RouteObject } from 'react-router';
import { PAGES } from './pages.tsx';
import { RequireSession } from './session.tsx';
import { Loading, NotFound, NotLoaded } from './states.tsx';

const pages: readonly RouteObject[] = PAGES.map(({ path, rest, load }) => ({
  lazy: load,
  ...(path === '' ? { index: true } : { path: rest === undefined ? path : `${path}/${rest}` }),
}));

export const router = createBrowserRouter([
  {
    errorElement: <NotLoaded />,
    hydrateFallbackElement: <Loading />,
    children: [
      { path: '/console/link', lazy: () => import('../sign-in/link.tsx') },
      {
        path: '/console',
        element: (
          <RequireSession keepsPage>
            <Outlet />
          </RequireSession>
        ),
        children: [
          {
            lazy: () => import('./console-frame.tsx'),
            children: [
              // What was not loaded leaves the menu where it is.
              {
                errorElement: <NotLoaded />,
                children: [...pages, { path: '*', element: <NotFound /> }],
              },
            ],
          },
        ],
      },
      {
        path: '/cashier',
        element: (
          <RequireSession>
            <Outlet />
          </RequireSession>
        ),
        children: [{ index: true, lazy: () => import('../cashier/cashier.tsx') }],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
