package tls_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/microroute/microroute/https"
)

// accepted are findings of testssl.sh that are not the server's: a private authority revokes nothing.
var accepted = map[string]bool{"cert_revocation": true}

// The server has no weakness that testssl.sh knows of, but for trifles.
func TestTestSSL(t *testing.T) {
	if testing.Short() {
		t.Skip("testssl.sh takes half a minute")
	}
	program := need(t, "testssl.sh", "testssl") // as it is called, and as Debian calls it
	k := newKeys(t, "localhost")
	port := serve(t, https.Config{CertFile: k.server.CertFile, KeyFile: k.server.KeyFile})
	report := filepath.Join(k.dir, "report.json")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, program,
		"--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--fast", "--add-ca", k.authority, "--jsonfile", report,
		"--protocols", "--std", "--fs", "--server-defaults", "--server-preference", "--vulnerable", "localhost:"+port).CombinedOutput()
	text, readErr := os.ReadFile(report)
	if readErr != nil {
		t.Fatalf("no report: %v, %v: %s", readErr, err, said)
	}
	var findings []struct{ ID, Severity, Finding string }
	if err := json.Unmarshal(text, &findings); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	good := map[string]bool{}
	for _, f := range findings {
		switch f.Severity {
		case "MEDIUM", "HIGH", "CRITICAL", "FATAL":
			if !accepted[f.ID] {
				t.Errorf("%s: %s: %s", f.Severity, f.ID, f.Finding)
			}
		case "OK":
			good[f.ID] = true
		}
	}
	for _, id := range []string{"TLS1_2", "TLS1_3", "ALPN_HTTP2", "cert_chain_of_trust", "heartbleed", "secure_client_renego", "CRIME_TLS"} {
		if !good[id] {
			t.Errorf("%s is not found to be good: %s", id, text)
		}
	}
}
