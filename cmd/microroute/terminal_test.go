package main

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"
)

func TestLine(t *testing.T) {
	answered := record{
		began:  time.Date(2026, time.November, 23, 9, 12, 0, 0, time.UTC),
		took:   3_141_592 * time.Nanosecond,
		client: netip.MustParseAddr("192.0.2.4"),
		method: "GET",
		target: "/summer/gr%C3%B6%C3%9Fe.jpg?x=1",
		status: 200,
		sent:   1_234_567,
	}
	failed := answered
	failed.status, failed.took, failed.err = 404, 12*time.Minute, errors.New("reset")
	for _, tt := range []struct {
		name  string
		color bool
		record
		want string
	}{
		{"plain", false, answered, "09:12:00  200  GET     1.2 MB   3.14ms  192.0.2.4  /summer/größe.jpg?x=1\n"},
		{"broken off", false, failed, "09:12:00  404  GET     1.2 MB    12m0s  192.0.2.4  /summer/größe.jpg?x=1  broken off\n"},
		{"color", true, failed, "\x1b[90m09:12:00\x1b[0m  \x1b[33m404\x1b[0m  GET     1.2 MB    12m0s  \x1b[90m192.0.2.4\x1b[0m  " +
			"/summer/größe.jpg?x=1\x1b[31m  broken off\x1b[0m\n"},
	} {
		var out bytes.Buffer
		(&terminal{out: &out, color: tt.color}).line(tt.record)
		if out.String() != tt.want {
			t.Errorf("%s: got\n%q\nwant\n%q", tt.name, &out, tt.want)
		}
	}
}

// What a client sends must not steer the terminal of who looks at the log.
func TestReadable(t *testing.T) {
	for target, want := range map[string]string{
		"/a%20b":            "/a b",
		"/%E6%97%A5":        "/日",
		"/%1b%5B2J":         "/%1b%5B2J",         // clears the screen
		"/a%0Ab":            "/a%0Ab",            // begins a line of its own
		"/%E2%80%AEgpj.exe": "/%E2%80%AEgpj.exe", // turns it around
		"/%C2%9B2J":         "/%C2%9B2J",         // as the first, in one character
		"/%FF":              "/%FF",              // no UTF-8
		"/100%":             "/100%",
		"/?q=%3Cb%3E":       "/?q=<b>",
		"/%C2%AD":           "/%C2%AD", // cannot be seen
	} {
		if got := readable(target); got != want {
			t.Errorf("readable(%q) = %q, want %q", target, got, want)
		}
	}
}

func TestQRCode(t *testing.T) {
	const text = "https://192.0.2.4:8080/"
	drawn, err := qrCode(text)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	if len(lines) != (code.Size+2*quietZone+1)/2 {
		t.Fatalf("a code of %d modules has %d lines", code.Size, len(lines))
	}
	for row, line := range lines {
		line, ok := strings.CutPrefix(line, "\x1b[30;107m")
		line, reset := strings.CutSuffix(line, "\x1b[0m")
		modules := []rune(line)
		if !ok || !reset || len(modules) != code.Size+2*quietZone {
			t.Fatalf("line %d is %q", row, line)
		}
		for column, module := range modules {
			x, y := column-quietZone, 2*row-quietZone
			upper, lower := module == '█' || module == '▀', module == '█' || module == '▄'
			if upper != code.Black(x, y) || lower != code.Black(x, y+1) {
				t.Errorf("module %d, %d is drawn as %q", x, y, module)
			}
		}
	}
	if _, err := qrCode(strings.Repeat("x", 10_000)); err == nil {
		t.Error("10,000 octets fit into a code")
	}
}

func TestURLs(t *testing.T) {
	var all, ipv4 []string
	for _, addr := range localAddrs() {
		if addr.IsLoopback() || addr.IsLinkLocalUnicast() {
			t.Errorf("others are told to reach this machine by %s", addr)
		}
		url := "http://" + netip.AddrPortFrom(addr, 81).String() + "/"
		all = append(all, url)
		if addr.Is4() {
			ipv4 = append(ipv4, url)
		}
	}
	for _, tt := range []struct {
		listening, local string
		network          []string
	}{
		{"127.0.0.1:81", "http://127.0.0.1:81/", nil},
		{"[::1]:81", "http://[::1]:81/", nil},
		{"192.0.2.4:81", "", []string{"http://192.0.2.4:81/"}},
		{"[2001:db8::4]:81", "", []string{"http://[2001:db8::4]:81/"}},
		{"[::]:81", "http://localhost:81/", all},
		{"0.0.0.0:81", "http://localhost:81/", ipv4},
	} {
		addr := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(tt.listening))
		if local, network := urls("http", addr); local != tt.local || !slices.Equal(network, tt.network) {
			t.Errorf("listening on %s: got %q and %q, want %q and %q", tt.listening, local, network, tt.local, tt.network)
		}
	}
}

func TestAnnounce(t *testing.T) {
	far := announcement{dir: "/home/anna", scheme: "http", addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 4), Port: 81}, qr: true}
	near := far
	near.addr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 81}
	unwanted, secret := far, far
	unwanted.qr, secret.password = false, true
	for _, tt := range []struct {
		name   string
		screen bool
		announcement
		want string
		code bool
	}{
		{"to the network", true, far, "\nServing /home/anna\n\n  On the network    http://192.0.2.4:81/\n", true},
		{"to this machine", true, near, "\nServing /home/anna\n\n  On this machine   http://127.0.0.1:81/\n", false},
		{"without a code", true, unwanted, "\nServing /home/anna\n\n  On the network    http://192.0.2.4:81/\n", false},
		{"with a password", false, secret, "\nServing /home/anna\n\n  On the network    http://192.0.2.4:81/\n\n" +
			"  Whoever is on the network can read the password; --tls hides it.\n", false},
		{"to no terminal", false, far, "\nServing /home/anna\n\n  On the network    http://192.0.2.4:81/\n", false},
	} {
		var out bytes.Buffer
		(&terminal{out: &out, people: true, isScreen: tt.screen}).announce(tt.announcement)
		if got := out.String(); !strings.HasPrefix(got, tt.want) || strings.Contains(got, "▀") != tt.code {
			t.Errorf("%s: got\n%s\nwant\n%s and a code: %t", tt.name, got, tt.want, tt.code)
		}
	}
}
