//go:build unix

// Package installed runs servers that are installed on the machine, and not built by the benchmark, as programs with the
// flags of the others.
package installed

import (
	"flag"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"text/template"
)

// Find returns the path of a program. Debian has servers in a directory that only administrators search.
func Find(name string) (path string, err error) {
	if path, err = exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/" + name)
}

// Site is what a server's configuration is made from.
type Site struct {
	Addr       string // HOST:PORT to listen on
	Root       string // the directory whose files are served
	Dir        string // a directory for what the server writes
	Processors int    // that it may use
	Superuser  bool   // it runs as root
}

// Main is the main function of a program that becomes the server called name. It fills in the template of its
// configuration, writes that to a file, and appends the path of the file to args. The flag -addr is the address, -root the
// directory of the files; others are the business of bench.
func Main(name, config string, args ...string) {
	log.SetFlags(0)
	site := Site{Processors: runtime.NumCPU(), Superuser: os.Geteuid() == 0}
	flag.StringVar(&site.Addr, "addr", "127.0.0.1:8080", "`HOST:PORT` to listen on")
	flag.StringVar(&site.Root, "root", ".", "`directory` of the files")
	flag.Parse()
	path, err := Find(name)
	if err != nil {
		log.Fatal(err)
	}
	if site.Dir, err = os.MkdirTemp("", "bench-"+name+"-"); err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(site.Dir, "config")
	if err := write(file, config, site); err != nil {
		log.Fatal(err)
	}
	// The process stays the same, so its accounts are those of the server. What it writes at home goes to Dir as well, which
	// is left to whoever removes the directory for temporary files.
	os.Setenv("HOME", site.Dir)
	os.Unsetenv("XDG_DATA_HOME")
	os.Unsetenv("XDG_CONFIG_HOME")
	log.Fatal(syscall.Exec(path, append(append([]string{name}, args...), file), os.Environ()))
}

// write fills in a template and writes the result to a file.
func write(file, text string, site Site) error {
	t, err := template.New(file).Parse(text)
	if err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := t.Execute(f, site); err != nil {
		return err
	}
	return f.Close()
}
