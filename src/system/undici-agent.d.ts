/**
 * The one file of undici that `http.ts` needs, which the package ships without types of its own.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}
