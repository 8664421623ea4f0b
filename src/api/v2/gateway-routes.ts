/**
 * What a caller may want to know of the gateway itself before it begins anything: whether money moves behind it;
 * and what an operator looks at first: what waits, and the settings.
 */
import type { FastifyInstance } from 'fastify';
import { countOpen } from '../../flows/count-open.ts';
import type { Deps, ShownSetting } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import { operation } from './operation.ts';
import { nullable, oneOf } from './schemas.ts';
import { BothTexts } from './story-schemas.ts';
import { Type, type ShapeProvider } from './shape.ts';

const GatewayResource = Type.Object({
  object: oneOf(['gateway'], 'Always gateway.'),
  simulated: Type.Boolean({
    description: 'The Alipay behind it is the simulator: no payment moves money.',
  }),
  simulator_url: nullable(
    Type.String({ description: 'Where the gateway reaches the simulator; null without one.' }),
  ),
  wallet_url: nullable(
    Type.String({ description: 'Where a guest of the simulator pays; null without one.' }),
  ),
  version: Type.String({ description: 'The program’s.' }),
  database: oneOf(['sqlite', 'postgres'], 'Where everything is kept.'),
  alipay: oneOf(['simulator', 'sandbox', 'production'], 'Which Alipay is behind it.'),
  public_url: nullable(Type.String({ description: 'How Alipay reaches the gateway, if it can.' })),
  open_payments: Type.Integer({ minimum: 0, description: 'Somebody may still pay them.' }),
  doubtful_payments: Type.Integer({
    minimum: 0,
    description:
      'Open ones of which Alipay’s last answer taught nothing, or that nobody asks about any more.',
  }),
  open_incidents: Type.Integer({ minimum: 0, description: 'They wait for a person.' }),
  settings: nullable(
    Type.Array(
      Type.Object({
        name: Type.String(),
        value: nullable(
          Type.String({ description: 'Null when it is not set, and for every secret.' }),
        ),
        is_default: Type.Boolean(),
        is_secret: Type.Boolean(),
        text: BothTexts,
      }),
      { description: 'Each of docs/settings.md.' },
    ),
  ),
});

const get = operation(
  {},
  {
    operationId: 'getGateway',
    tag: 'Gateway',
    summary: {
      en: 'Whether money moves here, what waits, and the settings',
      zh: '此处是否涉及真实资金、有什么待处理，以及各项设置',
    },
    scope: 'read',
    gives: [
      200,
      GatewayResource,
      'The gateway. Counts are of what the caller may see; `settings` is null without the scope `administer`.',
    ],
    problems: [],
    examples: {
      simulated: {
        answer: {
          object: 'gateway',
          simulated: true,
          simulator_url: 'http://127.0.0.1:8090',
          wallet_url: 'http://127.0.0.1:8090/wallet',
          version: '1.2.1',
          database: 'sqlite',
          alipay: 'simulator',
          public_url: null,
          open_payments: 0,
          doubtful_payments: 0,
          open_incidents: 0,
          settings: [
            {
              name: 'F2F_CONFIRM',
              value: 'background',
              is_default: true,
              is_secret: false,
              text: {
                en: 'strict: a charge that Alipay accepted is checked once more before the answer',
                zh: 'strict：支付宝已受理的收款在应答前再核对一次',
              },
            },
          ],
        },
      },
    },
  },
);

export async function gatewayRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/gateway', get, async (request) => {
    const { merchantId, scopes } = callerOf(request);
    const { about } = deps;
    const open = await countOpen(deps, merchantId);
    const url = deps.settings.simulator?.url ?? null;
    return {
      object: 'gateway' as const,
      simulated: url !== null,
      simulator_url: url,
      wallet_url: url === null ? null : `${url}/wallet`,
      version: about.version,
      database: about.database,
      alipay: about.alipay,
      public_url: about.publicUrl,
      open_payments: open.payments,
      doubtful_payments: open.doubtfulPayments,
      open_incidents: open.incidents,
      settings: scopes.includes('administer') ? about.settings.map(settingView) : null,
    };
  });
}

function settingView({ name, value, isDefault, isSecret, text }: ShownSetting) {
  return { name, value, is_default: isDefault, is_secret: isSecret, text };
}
