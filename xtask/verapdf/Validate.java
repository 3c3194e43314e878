import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.processor.reports.enums.JobEndStatus;

/**
 * Validates many PDF files in one JVM.
 *
 * <p>veraPDF's own command line is not published with its dependencies to Maven Central in a form that runs, and
 * starts a process per flavour; starting a JVM and compiling the validation profiles costs more than validating a file.
 *
 * <p>Standard input: one line {@code FLAVOUR<TAB>PATH} per validation. Standard output, tab-separated, one line each:
 *
 * <pre>
 * done   FLAVOUR  PATH  ok|failed  MILLISECONDS  CHECKS
 * rule   FLAVOUR  PATH  CLAUSE     TEST  COUNT  DESCRIPTION   (for a failed rule, before its done)
 * error  FLAVOUR  PATH  MESSAGE                               (the file could not be judged)
 * end    NUMBER OF LINES READ
 * </pre>
 *
 * The reader counts a validation without its {@code done ... ok} line as a failure.
 */
public final class Validate {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private Validate() {
    }

    public static void main(String[] arguments) throws Exception {
        int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();

        List<String> jobs = new ArrayList<>();
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                jobs.add(line);
            }
        }
        // veraPDF keeps a document's state in thread locals, so each thread is an independent validator.
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (String job : jobs) {
            String[] fields = job.split("\t", 2);
            running.add(pool.submit(() -> print(validate(fields[0], fields[1]))));
        }
        for (Future<?> future : running) {
            future.get();
        }
        pool.shutdown();
        print("end\t" + jobs.size() + "\n");
    }

    private static String validate(String flavourId, String path) {
        StringBuilder lines = new StringBuilder();
        String subject = flavourId + "\t" + path;
        long start = System.nanoTime();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(flavourId);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return "error\t" + subject + "\tveraPDF does not know this flavour\n";
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.getJobEndStatus() != JobEndStatus.NORMAL) {
                return "error\t" + subject + "\tvalidation ended early: " + result.getJobEndStatus() + "\n";
            }
            for (Map.Entry<RuleId, Integer> failed : result.getFailedChecks().entrySet()) {
                RuleId rule = failed.getKey();
                lines.append("rule\t").append(subject)
                        .append('\t').append(rule.getSpecification().getId() + " " + rule.getClause())
                        .append('\t').append(rule.getTestNumber())
                        .append('\t').append(failed.getValue())
                        .append('\t').append(oneLine(describe(result, rule)))
                        .append('\n');
            }
            long milliseconds = (System.nanoTime() - start) / 1_000_000;
            lines.append("done\t").append(subject)
                    .append('\t').append(result.isCompliant() ? "ok" : "failed")
                    .append('\t').append(milliseconds)
                    .append('\t').append(result.getTotalAssertions())
                    .append('\n');
            return lines.toString();
        } catch (Exception | StackOverflowError error) {
            return "error\t" + subject + "\t" + oneLine(String.valueOf(error)) + "\n";
        }
    }

    /** The rule's own words, and the place of its first failure. */
    private static String describe(ValidationResult result, RuleId rule) {
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED && assertion.getRuleId().equals(rule)) {
                return assertion.getMessage() + " [" + assertion.getLocation().getContext() + "]";
            }
        }
        return "(no description)";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }

    private static synchronized void print(String lines) {
        OUT.print(lines);
        OUT.flush();
    }
}
