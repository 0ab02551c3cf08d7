/** The audio files in what was dropped or chosen: single files as they are, folders with all that lies in them. */

/** Whether a file of a folder is worth sending: by its suffix or type, and never a hidden one. */
export function isAudio({ name, type }, suffixes) {
  if (name.startsWith(".")) return false;
  const lower = name.toLowerCase();
  return type.startsWith("audio/") || suffixes.some((suffix) => lower.endsWith(suffix));
}

const inOrder = (one, other) => one.path.localeCompare(other.path, undefined, { numeric: true });

const readAll = async (folder) => {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return found;
    found.push(...part);
  }
};

const filesIn = async (entry, path) => {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: path + entry.name }];
  }
  const found = [];
  for (const inner of await readAll(entry)) found.push(...(await filesIn(inner, `${path}${entry.name}/`)));
  return found;
};

const sifted = (found, suffixes) => {
  const audio = found.filter(({ file }) => isAudio(file, suffixes)).sort(inOrder);
  const hidden = found.filter(({ file }) => file.name.startsWith("."));
  return { files: audio.map(({ file }) => file), nLeftOut: found.length - audio.length - hidden.length };
};

/**
 * What was dropped. Gives `{ files, nLeftOut }`: single files in any form, of folders only audio; `nLeftOut` counts the
 * others. To be called while the event is at hand: a browser forgets what was dropped after it.
 */
export async function dropped(transfer, suffixes) {
  const single = [];
  const folders = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) folders.push(entry);
    else single.push(item.getAsFile());
  }
  const found = [];
  for (const folder of folders) found.push(...(await filesIn(folder, "")));
  const { files, nLeftOut } = sifted(found, suffixes);
  return { files: [...single.filter(Boolean), ...files], nLeftOut };
}

/** What was chosen with a folder chooser. */
export const chosenFolder = (files, suffixes) =>
  sifted(
    files.map((file) => ({ file, path: file.webkitRelativePath })),
    suffixes,
  );
