/** Values of a template: a text, or a list for sections that are repeated; '' or [] for what is absent. */
export interface TemplateValues {
  readonly [name: string]: string | readonly TemplateValues[];
}

/**
 * Fills in a template, with the part of Mustache that the files need: `{{name}}`, and sections, which are not nested:
 * `{{#name}}…{{/name}}` once for each entry of a list or for a text, `{{^name}}…{{/name}}` if it is absent. A marker that is alone on its
 * line leaves no empty line.
 *
 * @throws Error if the template names a value that does not exist
 */
export function render(template: string, values: TemplateValues): string {
  const text = template
    .replaceAll(/^(\{\{[#^/]\w+\}\})\n/gm, '$1')
    .replaceAll(
      /\{\{([#^])(\w+)\}\}([\s\S]*?)\{\{\/\2\}\}/g,
      (_, kind: string, name: string, content: string) => {
        const value = find(values, name);
        if (kind === '^') return value.length === 0 ? content : '';
        const entries = typeof value === 'string' ? (value === '' ? [] : [{}]) : value;
        return entries.map((entry) => fill(content, { ...values, ...entry })).join('');
      },
    );
  return fill(text, values);
}

function fill(content: string, values: TemplateValues): string {
  return content.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = find(values, name);
    if (typeof value !== 'string') throw new Error(`the template uses the list ${name} as a text`);
    return value;
  });
}

function find(values: TemplateValues, name: string): string | readonly TemplateValues[] {
  const value = values[name];
  if (value === undefined) throw new Error(`the template uses the unknown value ${name}`);
  return value;
}
