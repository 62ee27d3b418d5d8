//! Tests of notations that contradict themselves.

use crate::notation::Notation;

const BASE: &str = r"
    [sizes]
    T = '2..4'
    [indices]
    t = '1..T'
    [symbols]
    'a' = { kind = 'scalar' }
    'x' = { kind = 'vector' }
    'h_t' = { kind = 'scalar' }
    '\epsilon' = { kind = 'vector', standard_normal = true }
";

fn read(entry: &str) -> Result<Notation, Vec<String>> {
    let found = Notation::read(&format!("{BASE}\n{entry}"));
    found.map_err(|all| all.into_iter().map(|p| p.message).collect())
}

#[track_caller]
fn refused(entry: &str, words: &str) {
    let Err(messages) = read(entry) else { panic!("{entry} is read") };
    let mut all = messages.iter();
    assert!(all.any(|m| m.contains(words)), "{entry}: {messages:?}");
}

#[track_caller]
fn good(entry: &str) {
    assert!(read(entry).is_ok(), "{entry}: {:?}", read(entry).err());
}

#[test]
fn a_name_is_one_of_one_thing() {
    for name in ["h_1", "h_T", "h_{t-1}", "h_{12}"] {
        refused(
            &format!("'{name}' = {{ kind = 'scalar' }}"),
            "of the family h",
        );
    }
    for name in ["k_1", "h", "h_\\theta", "h_{1,2}"] {
        good(&format!("'{name}' = {{ kind = 'scalar' }}"));
    }
    refused("'T' = { kind = 'scalar', means = '3' }", "T is a size");
    refused("'t' = { kind = 'scalar' }", "t is an index");
    refused("'m(a, a)' = { kind = 'scalar' }", "two parameters of one name");
    refused("'m(T)' = { kind = 'scalar', means = 'T^2' }", "T is a size");
    refused("'λ' = { kind = 'scalar' }", "looks like another");
    for known in ["\\nabla", "\\sin", "\\infty", "\\mathrm{d}", "\\mathbb R"] {
        let entry = format!("'{known}' = {{ kind = 'scalar' }}");
        refused(&entry, "a meaning of its own");
    }
    refused("'k^2' = { kind = 'scalar' }", "no superscript");
    refused(
        "'k_{\\text{xy}}' = { kind = 'scalar' }\n\
         'k_{\\mathrm{xy}}' = { kind = 'scalar' }",
        "declared twice",
    );
    // Spellings that look the same are the same name.
    for (one, other) in [
        ("\\gamma", "\\mathbf{\\gamma}"),
        ("k", "\\mathit{k}"),
        ("k_*", "k_\\ast"),
        ("k_\\dag", "k_\\dagger"),
    ] {
        let entry = |name| format!("'{name}' = {{ kind = 'scalar' }}\n");
        refused(&(entry(one) + &entry(other)), "declared twice");
    }
    // Spellings that look different are different names.
    for (one, other) in [
        ("\\gamma", "\\boldsymbol{\\gamma}"),
        ("\\Gamma", "\\mathbf{\\Gamma}"),
        ("k", "\\mathrm{k}"),
        ("\\mathrm{kl}", "\\mathit{k}"),
    ] {
        let entry = |name| format!("'{name}' = {{ kind = 'scalar' }}\n");
        good(&(entry(one) + &entry(other)));
    }
    // A bracket after the name could be a call or a product.
    refused(
        "'k' = { kind = 'scalar' }\n'k(a)' = { kind = 'scalar' }",
        "a function and a symbol",
    );
    good(
        "'k' = { kind = 'scalar', means = 'k(a)' }\n\
         'k(a)' = { kind = 'scalar' }",
    );
    good("'k' = { kind = 'scalar' }\n'k(a, x)' = { kind = 'scalar' }");
    good("'m(a, x)' = { kind = 'scalar' }");
    good("'m(h_1, h_2)' = { kind = 'scalar' }");
}

#[test]
fn entries_do_not_contradict_themselves() {
    let entry = |body: &str| format!("'K' = {{ {body} }}");
    refused(&entry("kind = 'scalar', means = 'x'"), "a vector");
    refused(&entry("kind = 'vector', means = '2 a'"), "a number");
    good(&entry("kind = 'scalar', means = '2 a'"));
    good(&entry("kind = 'vector', means = '2 x'"));
    good(&entry("kind = 'vector', means = '0'"));
    refused(&entry("kind = 'vector', in = '(0, 1)'"), "an interval");
    let random = "kind = 'vector', standard_normal = true";
    refused(&entry(&format!("{random}, means = 'x'")), "only one");
    let bounded = "kind = 'scalar', standard_normal = true, in = '[0, 1]'";
    refused(&entry(bounded), "may lie anywhere");
    let defined = "kind = 'scalar', means = 'a'";
    refused(&entry(&format!("{defined}, draw = '[0, 1]'")), "not drawn");
    let ranged = |range: &str| {
        format!("'K_t' = {{ kind = 'scalar', range = '{range}' }}")
    };
    refused(&ranged("T..1"), "empty");
    refused(&ranged("T+1..T"), "empty");
    good(&ranged("T..T"));
    good(&ranged("3..T"));
}

/// Checks that a sum does not capture a name that a definition uses.
#[test]
fn definitions_are_not_caught() {
    let two = |body: &str| {
        format!(
            "'A' = {{ kind = 'scalar', means = 'a + 1' }}\n\
             'B' = {{ kind = 'scalar', means = '{body}' }}"
        )
    };
    refused(&two(r"\sum_{a=1}^{2} A"), "which a is meant");
    good(&two(r"\sum_{k=1}^{2} A"));
    good(&two(r"\sum_{a=1}^{2} a"));
}

#[test]
fn a_step_knows_the_variable_before_it() {
    let process = |variable: &str, range: &str, step: &str| {
        format!(
            "'z_t' = {{ kind = 'vector', range = '0..T'{variable} }}\n\
             'm(x)' = {{ kind = 'vector', means = '2 x + \\epsilon' }}\n\
             'f(z_t, x)' = {{ kind = 'vector', means = 'z_t + x' }}\n\
             [processes.q]\nvariable = 'z'\nrange = '{range}'\nindex = 't'\n\
             step = '\\mathcal N(z_t; {step})'"
        )
    };
    let step = |step: &str| process("", "0..T", step);
    good(&step("z_{t-1}, I"));
    good(&step("a z_{t-1} + x, I"));
    good(&step("f(z_{t-1}, x), h_t^2 I"));
    for random in ["z_0", "z_{t-2}", "z_{t+1}", r"z_{t-1} + \epsilon", "m(x)"] {
        refused(&step(&format!("{random}, I")), "this depends on");
    }
    refused(&step("f(z_0, x), I"), "this depends on");
    refused(&process(", means = 'x'", "0..T", "z_{t-1}, I"), "random by this");
    refused(&process("", "-1..T", "z_{t-1}, I"), "not within");
    refused(&process("", "0..T+1", "z_{t-1}, I"), "not within");
}

/// Checks that a name in another spelling is the same name, or no name.
#[test]
fn names_are_spelled_once() {
    let two = |name: &str| {
        let process = |name: &str, mean: &str| {
            format!(
                "[processes.{name}]\nvariable = 'x'\nrange = '0..T'\n\
                 index = 't'\nstep = '\\mathcal N(x_t; {mean}, I)'\n"
            )
        };
        format!(
            "'x_t' = {{ kind = 'vector', range = '0..T' }}\n{}{}",
            process("q", "x_{t-1}"),
            process(name, "2 x_{t-1}")
        )
    };
    good(&two("r"));
    for name in ["' q'", "'{q}'", "'q '"] {
        refused(&two(name), "declared twice");
    }
    for (table, name, range) in [
        ("sizes", "' N'", "3..4"),
        ("sizes", "'{T}'", "3..4"),
        ("indices", "' k'", "1..3"),
        ("indices", "'N M'", "1..3"),
    ] {
        let text = format!("[{table}]\n{name} = '{range}'");
        let problems = Notation::read(&text).unwrap_err();
        assert!(problems[0].message.contains("plain name"), "{problems:?}");
    }
}

#[test]
fn a_process_is_one_of_vectors() {
    let of = |kind: &str| {
        format!(
            "'x_t' = {{ kind = '{kind}', range = '0..T' }}\n\
             [processes.q]\nvariable = 'x'\nrange = '0..T'\nindex = 't'\n\
             step = '\\mathcal N(x_t; x_{{t-1}}, I)'"
        )
    };
    good(&of("vector"));
    refused(&of("scalar"), "a process is one of vectors");
}

#[test]
fn processes_without_a_start_begin_alike() {
    let two = |more: &str, back: &str| {
        format!(
            r"'x_t' = {{ kind = 'vector', range = '0..T' }}
            [processes.q]
            variable = 'x'
            range = '0..T'
            index = 't'
            step = '\mathcal N(x_t; x_{{t-1}}, I)'
            [processes.p]
            variable = 'x'
            range = '0..T'
            index = 't'
            {more}
            step = '\mathcal N({back}, I)'"
        )
    };
    refused(&two("backwards = true", "x_{t-1}; x_t"), "have no start");
    let started = "backwards = true\nstart = '\\mathcal N(x_T; 0, I)'";
    good(&two(started, "x_{t-1}; x_t"));
    good(&two("", "x_t; x_{t-1}"));
}
