import { Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { IssueToken } from './IssueToken.tsx';
import { LookIntoToken } from './LookIntoToken.tsx';
import { RevokeMany } from './RevokeMany.tsx';
import { RotateKey } from './RotateKey.tsx';
import classes from './TokensPage.module.css';

/** What opens the environment, to whom, and until when. Nothing of it outlives the page. */
export function TokensPage() {
  useDocumentTitle('Tokens and keys · Runcast');
  const [text, setText] = useState('');
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Tokens and keys</h1>
        <Text size="sm" className="quiet">
          A public token lets a browser do just what it names, and ends by itself.
        </Text>
      </div>
      <div className={classes.body}>
        <div className={classes.column}>
          <IssueToken onLook={setText} />
          <RevokeMany />
          <RotateKey />
        </div>
        <div className={classes.column}>
          <LookIntoToken text={text} onText={setText} />
        </div>
      </div>
    </div>
  );
}
