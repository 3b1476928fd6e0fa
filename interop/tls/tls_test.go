package tls_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

type Context = microroute.Context

// soon is how long a test waits for what must happen; nothing that works takes as long.
const soon = 60 * time.Second

// keys are the files of an authority, and of those whom it vouches for.
type keys struct {
	dir, authority string // the latter a file with its certificate
	server, client https.Pair
}

// newKeys makes keys for a server with some names, and for a client called ann.
func newKeys(t *testing.T, names ...string) keys {
	t.Helper()
	k := keys{dir: t.TempDir()}
	authority := &x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key := newKey(t)
	k.authority = k.sign(t, "authority", authority, authority, key, key).CertFile
	k.server = k.sign(t, "server", &x509.Certificate{Subject: pkix.Name{CommonName: names[0]}, DNSNames: names}, authority, newKey(t), key)
	k.client = k.sign(t, "client", &x509.Certificate{Subject: pkix.Name{CommonName: "ann"}}, authority, newKey(t), key)
	return k
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign writes a certificate, and the key that it is for, to files.
func (k keys) sign(t *testing.T, name string, c, by *x509.Certificate, key, signer *ecdsa.PrivateKey) https.Pair {
	t.Helper()
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		t.Fatal(err)
	}
	c.SerialNumber, c.NotBefore, c.NotAfter = serial, time.Now().Add(-time.Hour), time.Now().AddDate(0, 0, 90)
	if !c.IsCA {
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p := https.Pair{CertFile: filepath.Join(k.dir, name+".pem"), KeyFile: filepath.Join(k.dir, name+"-key.pem")}
	for file, block := range map[string]*pem.Block{
		p.CertFile: {Type: "CERTIFICATE", Bytes: der},
		p.KeyFile:  {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// serve serves TLS until the test ends, and returns the port.
func serve(t *testing.T, config https.Config) (port string) {
	t.Helper()
	app := microroute.New(microroute.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(c *Context) string {
		who := "nobody"
		if certificate := https.ClientCertificate(c); certificate != nil {
			who = certificate.Subject.CommonName
		}
		return c.Request.Proto + " " + who
	})
	server, err := https.Start(app, "localhost:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	_, port, _ = strings.Cut(server.Addr().String(), ":")
	return port
}

// need skips the test if there is no such program.
func need(t *testing.T, names ...string) (found string) {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	reason := "there is no " + names[0] + ": apt-get install " + names[0]
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
	return ""
}

// run runs a program to its end, with some input, and returns all that it has said and its exit code.
func run(t *testing.T, input, name string, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(input)
	var all bytes.Buffer
	cmd.Stdout, cmd.Stderr = &all, &all
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%s %q: %v: %s", name, args, err, &all)
	}
	return all.String(), cmd.ProcessState.ExitCode()
}
