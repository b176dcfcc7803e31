// Moves a control plane from version 4 to version 5; the same as `envplane migrate v4-to-v5`, with the same options.
//
//   npm run build
//   node_modules/.bin/tsx migrations/v4-to-v5-environments.ts --from file:/srv/v4/control-plane.db --dry-run
import { main } from '../packages/services/control-plane/src/cli/main.ts';

process.exitCode = await main(['migrate', 'v4-to-v5', ...process.argv.slice(2)]);
