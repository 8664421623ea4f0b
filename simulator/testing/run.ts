/**
 * Runs a simulator as a process of its own, for the test that kills it: `node run.ts DATA_DIR`.
 * Prints its URL as JSON.
 */
import { startSimulator } from '../server.ts';

const [dataDir = ''] = process.argv.slice(2);
const { url } = await startSimulator({ port: 0, dataDir });
process.stdout.write(`${JSON.stringify({ url })}\n`);
