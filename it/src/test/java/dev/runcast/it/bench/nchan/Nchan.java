package dev.runcast.it.bench.nchan;

import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.process.Children;
import dev.runcast.it.bench.process.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A running nginx that serves {@code /sub/ID} to subscribers and {@code /pub/ID} to publishers. */
public final class Nchan {
  /** For reports. */
  public static final String MISSING =
      "what stands beside nchan, for nginx with its module is not installed"
          + " (Debian: apt-get install nginx-light libnginx-mod-nchan).";

  private static final String MODULE = "ngx_nchan_module.so";
  private static final long START_WITHIN_NANOS = 10_000_000_000L;

  private static final String CONF =
      """
      load_module @MODULE@;
      daemon off;
      @USER@
      worker_processes 1;
      worker_rlimit_nofile 20000;
      pid @DIRECTORY@/nginx.pid;
      error_log @DIRECTORY@/error.log;
      events {
        worker_connections 16000;
        use epoll;
      }
      http {
        access_log off;
        tcp_nodelay on;
        keepalive_requests 1000000000;
        client_body_temp_path @DIRECTORY@/body;
        proxy_temp_path @DIRECTORY@/proxy;
        fastcgi_temp_path @DIRECTORY@/fastcgi;
        uwsgi_temp_path @DIRECTORY@/uwsgi;
        scgi_temp_path @DIRECTORY@/scgi;
        client_body_buffer_size 16k;
        server {
          listen 127.0.0.1:@PORT@ backlog=4096;
          location ~ ^/sub/(\\w+)$ {
            nchan_subscriber eventsource;
            nchan_channel_id $1;
            nchan_subscriber_first_message newest;
          }
          location ~ ^/pub/(\\w+)$ {
            nchan_publisher http;
            nchan_channel_id $1;
            nchan_message_buffer_length 1;
          }
        }
      }
      """;

  private final Child master;
  private final int port;

  private Nchan(Child master, int port) {
    this.master = master;
    this.port = port;
  }

  /** What it takes to run it, if it is there. */
  public record Installed(Path nginx, Path module) {}

  /** Looks where distributions put it. */
  public static Optional<Installed> find() {
    Optional<Path> nginx =
        Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/nginx/sbin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    Optional<Path> module =
        Stream.of("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/nginx/modules")
            .map(directory -> Path.of(directory, MODULE))
            .filter(Files::isReadable)
            .findFirst();
    return nginx.flatMap(found -> module.map(with -> new Installed(found, with)));
  }

  /** Starts it with everything that it writes in this directory. */
  public static Nchan start(Installed installed, Path directory, Children children) {
    try {
      Files.createDirectories(directory);
      int port = freePort();
      Path conf = directory.resolve("nginx.conf");
      Files.writeString(conf, conf(installed.module, directory, port));
      Child master =
          children.start(
              "nginx",
              List.of(
                  installed.nginx.toString(),
                  "-c",
                  conf.toString(),
                  "-p",
                  directory.toString(),
                  "-e",
                  directory.resolve("error.log").toString()),
              Map.of());
      Nchan started = new Nchan(master, port);
      started.awaitListening();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String conf(Path module, Path directory, int port) {
    // Only root may name a user, and only root has to: it would serve as nobody.
    boolean root = "root".equals(System.getProperty("user.name"));
    return CONF.replace("@MODULE@", module.toString())
        .replace("@USER@", root ? "user root;" : "")
        .replace("@DIRECTORY@", directory.toString())
        .replace("@PORT@", Integer.toString(port));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() {
    long deadline = System.nanoTime() + START_WITHIN_NANOS;
    while (!isListening() || worker().isEmpty()) {
      if (!master.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("nginx did not start; see its log");
      }
      Thread.onSpinWait();
    }
  }

  private boolean isListening() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** Of the one worker; the master does nothing. */
  public Usage usage() {
    return Usage.of(
        worker().orElseThrow(() -> new IllegalStateException("nginx has lost its worker")).pid());
  }

  /** Made a moment after the port is open. */
  private Optional<ProcessHandle> worker() {
    return ProcessHandle.of(master.pid()).flatMap(handle -> handle.children().findFirst());
  }
}
