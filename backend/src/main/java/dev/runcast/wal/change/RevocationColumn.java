package dev.runcast.wal.change;

import java.util.Locale;

/** The columns of {@code revocation} that the tail reads; the constant is the column's name. */
public enum RevocationColumn implements Table.Column {
  ENVIRONMENT_ID,
  KIND,
  SUBJECT,
  AT,
  EXPIRES_AT,
  WRITTEN_AT,
  CHANGED_XID;

  private final String columnName = name().toLowerCase(Locale.ROOT);

  @Override
  public String columnName() {
    return columnName;
  }
}
