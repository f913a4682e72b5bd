package dev.runcast.config;

/** The headings under which settings are listed in help texts. */
public enum Section {
  SERVER("Where the service listens"),
  DATABASE("Where runs are kept"),
  SECURITY("Keys and tokens"),
  LIMITS("What a request may ask for"),
  RETENTION("How long things are kept"),
  TAIL("Reading changes from Postgres"),
  REALTIME("Serving subscribers"),
  ENGINE("Executing tasks"),
  CLUSTER("Several nodes");

  private final String title;

  Section(String title) {
    this.title = title;
  }

  /** The heading as people read it. */
  public String title() {
    return title;
  }
}
