import { Kbd, Modal, Table } from '@mantine/core';

interface Props {
  readonly onClose: () => void;
}

const SHORTCUTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'Search the runs'],
  [['↑', '↓'], 'Go through the list'],
  [['Enter'], 'Open the run'],
  [['x'], 'Select the run'],
  [['n'], 'Show new runs'],
  [['Esc'], 'Clear the selection'],
  [['Ctrl', 'Enter'], 'Run the test'],
  [['?'], 'Show this list'],
];

/** What can be done without a mouse. */
export function ShortcutList({ onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" size="sm">
      <Table withRowBorders={false}>
        <Table.Tbody>
          {SHORTCUTS.map(([keys, does]) => (
            <Table.Tr key={does}>
              <Table.Td w={110}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
