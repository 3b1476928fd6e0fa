package http3_test

import (
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/contrib/http3"
)

func TestCurl(t *testing.T) {
	version, err := exec.Command("curl", "--version").Output()
	if err != nil || !strings.Contains(string(version), " HTTP3") {
		t.Skip("there is no curl with HTTP/3 here")
	}
	certificate, _ := identity(t)
	file := filepath.Join(t.TempDir(), "cert.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Leaf.Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	app := microroute.New(microroute.Config{Logger: quiet})
	app.Post("/", func(c *microroute.Context) (string, error) {
		data, err := c.Request.Data()
		return c.Request.Proto + " " + string(data), err
	})
	l, err := http3.Listen("127.0.0.1:0", config(certificate))
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(l)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	got, err := exec.CommandContext(soon(t), "curl", "-sS", "--http3-only", "--cacert", file, "--data", "tea",
		"https://"+l.Addr().String()).CombinedOutput()
	if err != nil || string(got) != "HTTP/3.0 tea" {
		t.Errorf("curl says %q, %v", got, err)
	}
}
