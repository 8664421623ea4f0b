/** Rings when the simulator's book changed, for every part of the page that shows something of it. It says nothing but that. */
export type Bell = {
  readonly ring: () => void;
  /** Runs at once and at each ring; returns what ends that. */
  readonly follow: (run: () => void) => () => void;
};

export function createBell(): Bell {
  const followers = new Set<() => void>();
  return {
    ring: () => {
      for (const run of followers) run();
    },
    follow: (run) => {
      followers.add(run);
      run();
      return () => followers.delete(run);
    },
  };
}
