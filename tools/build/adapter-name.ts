// What an adapter may be called. Its name is its folder, what a document gives in `adapter:`, and the module in dist/.

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_SIZE_MAX = 40;
/** The module with all adapters has this name in dist/. */
const ALL_ADAPTERS = 'mixer';

/** Why an adapter cannot have this name, and what is expected; null where it can. */
export function adapterNameProblem(name: string): string | null {
  const problem = `"${name}" cannot name an adapter`;
  if (!NAME.test(name) || name.length > NAME_SIZE_MAX)
    return (
      `${problem}: expected lower-case words joined by hyphens, such as ip-reputation, ` +
      `at most ${NAME_SIZE_MAX} letters`
    );
  if (name === ALL_ADAPTERS)
    return `${problem}: dist/${name}.wasm is the module with all adapters; choose another name`;
  return null;
}
