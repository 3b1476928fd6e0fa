// Command microroute serves files with package microroute.
//
//	microroute serve [DIR]          # the files of a directory, to everybody who can reach this machine
//	microroute serve --help         # who may read them, and how
//
// It is a program for the moment: to hand files to the next machine or to a phone, to look at a site before it is published.
// What it prints tells where: addresses, a QR code, and a line for every request.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/alecthomas/kong"
)

// commands is what can be said on the command line.
type commands struct {
	Serve   serve            `cmd:"" help:"Serve the files of a directory."`
	Version kong.VersionFlag `help:"Print the version."`
}

// exitUsage is the exit code for a command line that makes no sense; 1 is for one that does, but cannot be followed.
const exitUsage = 2

func main() {
	parsed := kong.Parse(&commands{},
		kong.Name("microroute"),
		kong.Description("Serves files over HTTP."),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) {
			if code != 0 {
				code = exitUsage
			}
			os.Exit(code)
		}),
	)
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "microroute:", err)
		os.Exit(1)
	}
}

// version returns the version that the program was built as.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
