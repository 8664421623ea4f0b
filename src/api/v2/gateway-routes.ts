/**
 * What a caller may want to know of the gateway itself before it begins anything: whether money moves behind it.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { operation } from './operation.ts';
import { nullable, oneOf } from './schemas.ts';
import { Type, type ShapeProvider } from './shape.ts';

const GatewayResource = Type.Object({
  object: oneOf(['gateway'], 'Always gateway.'),
  simulated: Type.Boolean({
    description: 'The Alipay behind it is the simulator: no payment moves money.',
  }),
  simulator_url: nullable(
    Type.String({ description: 'Where the gateway reaches the simulator; null without one.' }),
  ),
});

const get = operation(
  {},
  {
    operationId: 'getGateway',
    tag: 'Gateway',
    summary: { en: 'Whether money moves here', zh: '此处是否涉及真实资金' },
    scope: 'read',
    gives: [200, GatewayResource, 'The gateway.'],
    problems: [],
    examples: {
      simulated: {
        answer: {
          object: 'gateway',
          simulated: true,
          simulator_url: 'http://127.0.0.1:8090',
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

  app.get('/v2/gateway', get, () => ({
    object: 'gateway' as const,
    simulated: deps.settings.simulator !== undefined,
    simulator_url: deps.settings.simulator?.url ?? null,
  }));
}
