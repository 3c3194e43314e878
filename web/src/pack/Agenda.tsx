/** The items of the kallelse, in order. */
import { focusLater } from "../form/focus.ts";
import { useFormEnv } from "../form/env.ts";
import { fieldId } from "../form/jump.ts";
import { num } from "../lib/json.ts";
import { afterMove, afterRemove } from "../lib/pointer.ts";
import { scalarText } from "../lib/numbers.ts";
import { lettersOfLine } from "../text/written.ts";
import { announce, announceRemoved } from "../parts/announce.tsx";
import { Icon } from "../parts/Icon.tsx";
import { useT } from "../texts/index.tsx";
import { usePack } from "./context.ts";
import { ItemCard } from "./ItemCard.tsx";
import { itemsOf, moveItem, numberOf } from "./model.ts";
import { useReorder } from "./useReorder.ts";

const LIST = "/arenden";

export function Agenda() {
  const t = useT();
  const env = useFormEnv();
  const { model, change } = usePack();
  const items = itemsOf(model);

  const nameOf = (index: number) => {
    const item = items[index] ?? {};
    return lettersOfLine(scalarText(item["title"])) || t.pack.item(numberOf(item, index));
  };
  const move = (from: number, to: number, focus = true) => {
    announce(t.movedTo(nameOf(from), to + 1, items.length));
    env.open.rearranged(LIST, afterMove(from, to));
    change(moveItem(items, from, to), ["arenden"]);
    const id = fieldId(`${LIST}/${to}`);
    const [first, second] = to < from ? ["up", "down"] : ["down", "up"];
    if (focus) focusLater(`${id}--${first}`, `${id}--${second}`);
  };
  const remove = (index: number) => {
    announceRemoved(t.removed(nameOf(index)));
    env.open.rearranged(LIST, afterRemove(index));
    change(
      items.filter((_, i) => i !== index),
      ["arenden"],
    );
    focusLater(fieldId(`${LIST}/${Math.min(index, items.length - 2)}`) + "--remove", "add-item");
  };
  const add = () => {
    const numbers = items.map((item) => Number(scalarText(item["nummer"])));
    const numbered = items.length > 0 && numbers.every((n) => Number.isInteger(n) && n > 0);
    const at = items.length;
    env.open.set(`${LIST}/${at}/#about`, true);
    change([...items, numbered ? { nummer: num(Math.max(...numbers) + 1) } : {}], ["arenden"]);
    focusLater(fieldId(`${LIST}/${at}/title`));
  };
  const { list, start, classOf } = useReorder((from, to) => move(from, to, false));

  return (
    <section className="agenda" aria-labelledby="agenda-title" id={fieldId(LIST)} tabIndex={-1}>
      <h2 id="agenda-title">{t.pack.agenda}</h2>
      <ol ref={list}>
        {items.map((item, index) => (
          <ItemCard
            key={index}
            item={item}
            index={index}
            count={items.length}
            className={classOf(index)}
            onGrip={start(index)}
            onMove={move}
            onRemove={remove}
          />
        ))}
      </ol>
      <button type="button" id="add-item" onClick={add}>
        <Icon name="add" />
        {t.pack.addAgendaItem}
      </button>
    </section>
  );
}
