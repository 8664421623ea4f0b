/**
 * What a caller may want to know of the gateway itself before it begins anything: whether money moves behind it.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Deps } from '../../flows/deps.ts';
import { operation } from './operation.ts';
import { oneOf } from './schemas.ts';

const GatewayResource = Type.Object({
  object: oneOf(['gateway'], 'Always gateway.'),
  simulated: Type.Boolean({
    description: 'The Alipay behind it is the simulator: no payment moves money.',
  }),
});

const get = operation(
  {},
  {
    operationId: 'getGateway',
    tag: 'Gateway',
    summary: 'Whether money moves here',
    scope: 'read',
    gives: [200, GatewayResource, 'The gateway.'],
    problems: [],
  },
);

export async function gatewayRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/v2/gateway', get, () => ({
    object: 'gateway' as const,
    simulated: deps.settings.simulator !== undefined,
  }));
}
