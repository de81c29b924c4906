package io.moiety.benchmarks.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a document that is written by a program, between two marks. */
final class GeneratedPart {

  private static final String BEGIN = "<!-- generated: begin -->";
  private static final String END = "<!-- generated: end -->";

  private GeneratedPart() {}

  /**
   * @throws IOException also when the document has no such part
   */
  static void replace(Path document, String content) throws IOException {
    String text = Files.readString(document, UTF_8);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(document + " has no part between " + BEGIN + " and " + END);
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length()) + "\n\n" + content + "\n" + text.substring(end),
        UTF_8);
  }
}
