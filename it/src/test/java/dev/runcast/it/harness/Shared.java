package dev.runcast.it.harness;

/**
 * One Postgres and one node for all tests of this JVM that break nothing. They start with the first
 * test that needs them and end with the JVM.
 */
public final class Shared {
  private Shared() {}

  public static PostgresServer postgres() {
    return Server.POSTGRES;
  }

  public static Node node() {
    return Service.NODE;
  }

  public static Api api() {
    return Service.NODE.api();
  }

  public static RunWriter sql() {
    return Service.SQL;
  }

  public static TestTokens tokens() {
    return new TestTokens(Service.SQL.environment(), Service.NODE.secretKey());
  }

  private static final class Server {
    static final PostgresServer POSTGRES = PostgresServer.start();
  }

  private static final class Service {
    static final TestDatabase DATABASE = Server.POSTGRES.database();
    static final Node NODE = Node.start(NodeSpec.serve(DATABASE));
    static final RunWriter SQL = new RunWriter(DATABASE, NODE.api().environment());
  }
}
