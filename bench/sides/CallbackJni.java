import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The side of bench/callback.ts in Java, over JNI in a lean shape: static native methods and the address of the native request. The first argument is
 * the path of the native library; the others are those of sides/callback.cc.
 */
public final class CallbackJni {
  private static final int CHUNK = 65536;
  private static final int HEAD = 300;

  private static native void configure();

  private static native long open(String method, String[] headers, byte[] body, int from, int size);

  private static native boolean isOk(long request);

  private static native int agentId(long request);

  private static native int callType(long request);

  private static native boolean isAsync(long request);

  // As bytes, because JNI's own strings are not UTF-8.
  private static native byte[] text(long request, int field);

  private static native byte[] build(long request, byte[] response, String[] headers);

  private static native void close(long request);

  private record Slice(byte[] memory, int from, int size) {}

  private record Request(String[] headers, List<Slice> body) {}

  /** Where received bodies lie; see sides/requests.h. */
  private static final class Placement {
    private final boolean inChunks;
    private byte[] chunk;
    private int position = CHUNK;

    Placement(String layout) {
      inChunks = layout.equals("chunks");
    }

    List<Slice> place(byte[] body) {
      if (!inChunks) return List.of(new Slice(body, 0, body.length));
      position = (position + HEAD) | 1;
      if (position + Math.min(body.length, CHUNK - (HEAD | 1)) > CHUNK) newChunk(HEAD | 1);
      List<Slice> slices = new ArrayList<>();
      for (int done = 0; done < body.length; ) {
        if (position == CHUNK) newChunk(0);
        int size = Math.min(body.length - done, CHUNK - position);
        System.arraycopy(body, done, chunk, position, size);
        slices.add(new Slice(chunk, position, size));
        position += size;
        done += size;
      }
      return slices;
    }

    private void newChunk(int at) {
      chunk = new byte[CHUNK];
      position = at;
    }
  }

  private static String line(DataInputStream file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int next = file.read(); next >= 0 && next != '\n'; next = file.read()) bytes.write(next);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<Request> readRequests(String path, Placement placement) throws IOException {
    List<Request> requests = new ArrayList<>();
    try (DataInputStream file =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(path)), 1 << 20))) {
      for (String count = line(file); !count.isEmpty(); count = line(file)) {
        String[] headers = new String[2 * Integer.parseInt(count)];
        for (int i = 0; i < headers.length; i += 2) {
          String[] words = line(file).split(" ");
          headers[i] = words[0];
          headers[i + 1] = words[1];
        }
        byte[] body = new byte[Integer.parseInt(line(file))];
        file.readFully(body);
        file.read();
        requests.add(new Request(headers, placement.place(body)));
      }
    }
    return requests;
  }

  private static Slice join(List<Slice> slices) {
    if (slices.size() == 1) return slices.get(0);
    int size = 0;
    for (Slice slice : slices) size += slice.size;
    byte[] joined = new byte[size];
    int at = 0;
    for (Slice slice : slices) {
      System.arraycopy(slice.memory, slice.from, joined, at, slice.size);
      at += slice.size;
    }
    return new Slice(joined, 0, size);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long handle(Request received) {
    Slice body = join(received.body);
    long request = open("POST", received.headers, body.memory, body.from, body.size);
    try {
      if (!isOk(request)) throw new IllegalStateException("a request was refused");
      String data = string(text(request, 0));
      long read =
          string(text(request, 1)).length()
              + agentId(request)
              + callType(request)
              + (isAsync(request) ? 1 : 0)
              + string(text(request, 2)).length()
              + string(text(request, 3)).length()
              + string(text(request, 4)).length();
      String[] headers = new String[32];
      byte[] response = build(request, data.getBytes(StandardCharsets.UTF_8), headers);
      int count = 0;
      while (count < headers.length && headers[count] != null) count += 2;
      return read + count / 2 + response.length;
    } finally {
      close(request);
    }
  }

  private static final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static double[] counters() throws IOException {
    String[] schedule = Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ");
    String stat = Files.readString(Path.of("/proc/self/stat"));
    // The fields after the name of the program, which is in brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new double[] {
      Double.parseDouble(fields[7]),
      Double.parseDouble(schedule[1]) / 1000,
      system.getProcessCpuTime() / 1000.0,
      System.nanoTime() / 1000.0
    };
  }

  public static void main(String[] arguments) throws IOException {
    System.load(arguments[0]);
    configure();
    Placement placement = new Placement(arguments[3]);
    List<Request> warmUp = readRequests(arguments[1], placement);
    List<Request> requests = readRequests(arguments[2], placement);
    int untimed = Integer.parseInt(arguments[4]);
    for (Request request : warmUp) handle(request);
    for (Request request : requests.subList(0, untimed)) handle(request);
    // Its classes are loaded by the first call.
    counters();
    long check = 0;
    double[] before = counters();
    for (int i = untimed; i < requests.size(); i++) check += handle(requests.get(i));
    double[] after = counters();
    System.out.printf(
        "{\"requests\":%d,\"wall\":%f,\"waited\":%f,\"cpu\":%f,\"faults\":%.0f,\"check\":%d}%n",
        requests.size() - untimed,
        after[3] - before[3],
        after[1] - before[1],
        after[2] - before[2],
        after[0] - before[0],
        check);
  }
}
