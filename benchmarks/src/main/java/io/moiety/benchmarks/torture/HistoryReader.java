package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.benchmarks.torture.History.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the transactions of a run from the histories of its clients. */
final class HistoryReader {
  private HistoryReader() {}

  static List<Trial> read(RunDirectory run, int clients) throws IOException {
    List<Trial> all = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      if (Files.exists(run.history(client))) {
        String text = Files.readString(run.history(client), US_ASCII);
        all.addAll(read(client, text.substring(0, text.lastIndexOf('\n') + 1)));
      }
    }
    return all;
  }

  /**
   * Of whole lines: one that a kill cut off was to be there before its step, which was not made.
   */
  private static List<Trial> read(int client, String text) {
    Map<Integer, Trial> trialByNumber = new LinkedHashMap<>();
    text.lines()
        .forEach(
            line -> {
              String[] words = line.split(" ", 3);
              int number = Integer.parseInt(words[0]);
              Event event = Event.valueOf(words[1]);
              Trial known = trialByNumber.get(number);
              if (known == null) {
                TrialId id = new TrialId(client, number);
                trialByNumber.put(number, Trial.begun(id, event, words[2]));
              } else {
                known.add(event, words[2]);
              }
            });
    return List.copyOf(trialByNumber.values());
  }
}
