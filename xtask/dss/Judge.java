import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/**
 * The opinion of the European Commission's DSS on signed files, without any network: a line per signature with file,
 * level, indication and sub-indication, separated by tabs.
 *
 * Usage: Judge ROOT.pem TIME FILE... or Judge sign CHAIN.pem KEY.der TSA TIME LEVEL IN.pdf OUT.pdf
 */
public class Judge {
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sign")) {
            sign(arguments);
            return;
        }
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(arguments[0])));
        Date time = Date.from(OffsetDateTime.parse(arguments[1]).toInstant());
        for (int i = 2; i < arguments.length; i++) {
            try {
                judge(arguments[i], trusted, time);
            } catch (RuntimeException error) {
                System.out.println(arguments[i] + "\tERROR\t" + error + "\t");
            }
        }
    }

    private static void judge(String path, CommonTrustedCertificateSource trusted, Date time) {
        DSSDocument document = new FileDocument(path);
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(time);
        SimpleReport report = validator.validateDocument().getSimpleReport();
        for (String id : report.getSignatureIdList()) {
            String sub = report.getSubIndication(id) == null ? "" : report.getSubIndication(id).name();
            String level = String.valueOf(report.getSignatureFormat(id));
            System.out.println(path + "\t" + level + "\t" + report.getIndication(id) + "\t" + sub);
        }
    }

    /** Signs with an RSA key, and has the level's timestamp from a service on loopback. */
    private static void sign(String[] arguments) throws Exception {
        List<CertificateToken> chain = new ArrayList<>();
        try (InputStream pem = new FileInputStream(arguments[1])) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                chain.add(new CertificateToken((X509Certificate) certificate));
            }
        }
        byte[] key = Files.readAllBytes(Path.of(arguments[2]));
        PAdESService service = new PAdESService(new CommonCertificateVerifier());
        service.setTspSource(new Loopback(arguments[3]));
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.valueByName(arguments[5]));
        parameters.setSigningCertificate(chain.get(0));
        parameters.setCertificateChain(chain);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.bLevel().setSigningDate(Date.from(OffsetDateTime.parse(arguments[4]).toInstant()));
        parameters.setReason("Prov");
        DSSDocument document = new FileDocument(arguments[6]);
        ToBeSigned data = service.getDataToSign(document, parameters);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key)));
        signature.update(data.getBytes());
        SignatureValue value = new SignatureValue(SignatureAlgorithm.RSA_SHA256, signature.sign());
        service.signDocument(document, parameters, value).save(arguments[7]);
    }

    /** A timestamp service over plain HTTP. */
    private record Loopback(String address) implements TSPSource {
        @Override
        public TimestampBinary getTimeStampResponse(DigestAlgorithm algorithm, byte[] digest) {
            try {
                TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
                generator.setCertReq(true);
                byte[] query = generator.generate(new ASN1ObjectIdentifier(algorithm.getOid()), digest).getEncoded();
                HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(query)).build();
                byte[] reply = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
                return new TimestampBinary(new TimeStampResponse(reply).getTimeStampToken().getEncoded());
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        }
    }
}
