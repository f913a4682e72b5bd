import { ActionIcon, Menu } from '@mantine/core';
import { IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useRouteContext } from '@tanstack/react-router';
import { signOut } from '../../api/session.ts';
import { exactTime } from '../../lib/format.ts';
import { useService } from '../../live/Service.tsx';

/** What concerns the session rather than the runs. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { session } = useService();
  const { onSignedOut } = useRouteContext({ from: '__root__' });
  async function leave() {
    await signOut(session);
    onSignedOut();
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Session">
          <IconUserCircle size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label title={exactTime(session.endsAt)}>
          {session.project.name} / {session.environment.slug}
        </Menu.Label>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
