// Entry of every script in package.json. It has no dependencies, since it is what installs them, and keeps to old syntax,
// so that an old Node prints the sentence below instead of a SyntaxError.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`envplane needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  void import('./bootstrap/main.mjs').then(({ main }) => main(process.argv.slice(2)));
}
