/** The few icons of the page, as strokes in the colour of their text. They say nothing to a screen reader: words stand beside them. */
const PATHS = {
  code: 'M4 7V5a1 1 0 0 1 1-1h2M17 4h2a1 1 0 0 1 1 1v2M20 17v2a1 1 0 0 1-1 1h-2M7 20H5a1 1 0 0 1-1-1v-2M8 8v8M11 8v8M13.500 8v8M16 8v8',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16',
  history: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  demo: 'M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M8 15h8',
  good: 'M5 12.500l4.500 4.500L19 7.500',
  bad: 'M7 7l10 10M17 7L7 17',
  clock: 'M12 7v5l3 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z',
  back: 'M9 7L5 11l4 4M5 11h9a5 5 0 0 1 0 10h-3',
  doubt: 'M8 8.500a4 4 0 1 1 5.600 3.700c-1.100.500-1.600 1.200-1.600 2.300M12 18.500v.100',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
