package dev.runcast.hub;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.testing.Bearers;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayList;
import java.util.List;

/** A client that keeps what it is sent, and is full or not as the test says. */
final class RecordingSink implements Sink {
  final List<Frame> frames = new ArrayList<>();
  final List<Cursor> cursors = new ArrayList<>();
  Cursor cursor;
  CloseCode closedWith;
  Position revokedAt;
  private Bearer bearer = Bearers.KEY;
  private boolean full;
  private Runnable drained = () -> {};

  @Override
  public void write(SharedFrame frame, Cursor claimed) {
    frames.add(frame.frame());
    cursors.add(claimed);
    cursor = claimed;
  }

  @Override
  public boolean isFull() {
    return full;
  }

  @Override
  public void onDrain(Runnable callback) {
    drained = callback;
  }

  @Override
  public Bearer bearer() {
    return bearer;
  }

  RecordingSink by(Bearer other) {
    bearer = other;
    return this;
  }

  @Override
  public void revoke(Position position) {
    close(CloseCode.REVOKED);
    revokedAt = position;
  }

  @Override
  public void close(CloseCode code) {
    closedWith = code;
  }

  void fill() {
    full = true;
  }

  /** Takes what it was sent, and says so. */
  void drain() {
    full = false;
    drained.run();
  }

  /** Takes something and is full again. */
  void take() {
    drained.run();
  }

  /** The names of the events since the last time this was asked. */
  List<String> events() {
    List<String> events = frames.stream().map(Frame::event).toList();
    frames.clear();
    cursors.clear();
    return events;
  }
}
